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

const STORAGE = { accepted: 1_234, stored: 1_000, lagMs: 1_240, spoolBytes: 2_500_000 };
const rate = { next: (total: number) => total };

describe('the status', () => {
  it('says events a second, rows accepted and stored, what waits, how far they are behind, and gaps', () => {
    expect(statusText([snapshot()], STORAGE, rate)).toBe(
      '1,334 events/s · 1,234 rows accepted · 1,000 stored · spool 2.4 MiB · 1.2 s behind · 3 gaps',
    );
  });

  it('names what is wrong', () => {
    const bad = snapshot({ quarantined: 5, isLive: false });
    expect(statusText([bad], STORAGE, rate)).toMatch(
      /3 gaps · 5 frames in quarantine · BINANCE not connected$/,
    );
  });

  it('begins with how far a replay has come, which is not behind anything', () => {
    expect(statusText([snapshot()], STORAGE, rate, '42 % played')).toBe(
      '42 % played · 1,334 events/s · 1,234 rows accepted · 1,000 stored · spool 2.4 MiB · 3 gaps',
    );
  });

  it('can be said before anything is there', () => {
    const nothing = { accepted: 0, stored: 0, lagMs: 0, spoolBytes: 0 };
    expect(statusText([], nothing, rate)).toBe(
      '0 events/s · 0 rows accepted · 0 stored · spool 0.0 MiB · 0.0 s behind · 0 gaps',
    );
  });
});
