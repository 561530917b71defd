import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConnectorSnapshot } from '@autotrader/connector-core';
import { settle } from './settle.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const sent = (frames: number) => () => [{ stream: 'btcusdt@trade', events: frames, frames }];

function taken(counts: { events?: number; duplicates?: number; quarantined?: number }): ConnectorSnapshot[] {
  const { events = 0, duplicates = 0, quarantined = 0 } = counts;
  return [{ streams: [{ events, duplicates }], quarantined } as unknown as ConnectorSnapshot];
}

/** Whether it has settled; the answer changes while time passes. */
function watch(settling: Promise<void>): () => boolean {
  let isSettled = false;
  void settling.then(() => (isSettled = true));
  return () => isSettled;
}

describe('settling', () => {
  it('is done at once when every frame was taken in: as an event, a repetition, or into quarantine', async () => {
    await settle(sent(6), () => taken({ events: 3, duplicates: 2, quarantined: 1 }));
  });

  it('waits for what is on its way', async () => {
    let events = 0;
    const isSettled = watch(settle(sent(2), () => taken({ events })));
    await jest.advanceTimersByTimeAsync(4_000);
    events = 1;
    await jest.advanceTimersByTimeAsync(4_000);
    expect(isSettled()).toBe(false);
    events = 2;
    await jest.advanceTimersByTimeAsync(100);
    expect(isSettled()).toBe(true);
  });

  it('gives up when nothing has come for 5 seconds: what is lost stays lost', async () => {
    const isSettled = watch(settle(sent(2), () => taken({ events: 1 })));
    await jest.advanceTimersByTimeAsync(4_900);
    expect(isSettled()).toBe(false);
    await jest.advanceTimersByTimeAsync(300);
    expect(isSettled()).toBe(true);
  });
});
