import { describe, expect, it } from '@jest/globals';
import type { ConnectorSnapshot } from '@autotrader/connector-core';
import { statusText } from './status.js';

function snapshot(changes: object = {}): ConnectorSnapshot {
  const streams = [
    { events: 700, gaps: 1 },
    { events: 634, gaps: 2 },
  ];
  return {
    venue: 'BINANCE',
    isLive: true,
    quarantined: 0,
    streams,
    ...changes,
  } as unknown as ConnectorSnapshot;
}

const RECORDERS = [{ totals: { rows: 1_000, lagMs: 1_240 } }, { totals: { rows: 234, lagMs: 20 } }];
const rate = { next: (total: number) => total };

describe('the status', () => {
  it('says events a second, rows, the greatest lag and gaps', () => {
    expect(statusText([snapshot()], RECORDERS, rate)).toBe(
      '1,334 events/s · 1,234 rows stored · 1.2 s behind · 3 gaps',
    );
  });

  it('names what is wrong', () => {
    const bad = snapshot({ quarantined: 5, isLive: false });
    expect(statusText([bad], RECORDERS, rate)).toMatch(
      /3 gaps · 5 frames in quarantine · BINANCE not connected$/,
    );
  });

  it('begins with how far a replay has come, which is not behind anything', () => {
    expect(statusText([snapshot()], RECORDERS, rate, '42 % played')).toBe(
      '42 % played · 1,334 events/s · 1,234 rows stored · 3 gaps',
    );
  });

  it('can be said before anything is there', () => {
    expect(statusText([], [], rate)).toBe('0 events/s · 0 rows stored · 0.0 s behind · 0 gaps');
  });
});
