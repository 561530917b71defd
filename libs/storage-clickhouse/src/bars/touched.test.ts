import { describe, expect, it } from '@jest/globals';
import { depthBatch, MIDNIGHT, tickBatch, trade } from '../testing/batches.js';
import { touchedIntervals } from './touched.js';

const MINUTE = 60_000_000;
const FIRST = MIDNIGHT / MINUTE;
const at = (minute: number, more = {}) => trade(minute * MINUTE, more);

describe('what a batch of ticks touches', () => {
  it('is the minutes of its rows as runs, for each stream and kind of bar', () => {
    const quote = { stream: 'bookTicker', kind: 'quote' } as const;
    const batch = tickBatch([at(3), at(1), at(2), at(1), at(7), at(1, quote), at(2, { symbol: 'ETH/USDT' })]);
    const common = { table: 'tick_raw', venue: 'BINANCE', fromId: 0, toId: 0 };
    const btc = { ...common, symbol: 'BTC/USDT', stream: 'trade', priceType: 'trade' };
    expect(touchedIntervals(batch)).toEqual([
      { ...btc, fromMinute: FIRST + 1, toMinute: FIRST + 3 },
      { ...btc, fromMinute: FIRST + 7, toMinute: FIRST + 7 },
      { ...btc, stream: 'bookTicker', priceType: 'mid', fromMinute: FIRST + 1, toMinute: FIRST + 1 },
      { ...btc, symbol: 'ETH/USDT', fromMinute: FIRST + 2, toMinute: FIRST + 2 },
    ]);
  });

  it('names the ids of rows whose time is our receive time: copies of them may be in other minutes', () => {
    const timed = (minute: number, sequenceId?: number) => ({
      ...at(minute, { receivedAt: MIDNIGHT + minute * MINUTE }),
      ...(sequenceId === undefined ? { sequenceId: undefined } : { sequenceId }),
    });
    const { sequenceId: _, ...withoutId } = timed(3);
    const [one] = touchedIntervals(tickBatch([timed(1, 30), at(2), timed(2, 10), timed(2, 20), withoutId]));
    expect(one).toMatchObject({ fromId: 10, toId: 30, fromMinute: FIRST + 1, toMinute: FIRST + 3 });
  });

  it('survives JSON', () => {
    const ticks = Array.from({ length: 50_000 }, (_, n) =>
      trade(n * 1_000, { receivedAt: MIDNIGHT + n * 1_000 }),
    );
    const batch = tickBatch(ticks);
    const touched = touchedIntervals(batch);
    expect(JSON.parse(JSON.stringify(touched))).toEqual(touched);
    expect(touched).toHaveLength(1);
  });
});

describe('what a batch of books touches', () => {
  const book = (minute: number, receivedAt: number) => ({
    ...at(minute),
    ...{ type: 'depth' as const, receivedAt, isSnapshot: true, bids: [], asks: [] },
  });

  it('is no bar: only those whose time is our receive time are named', () => {
    expect(touchedIntervals(depthBatch([book(1, 5)]))).toEqual([]);
    expect(touchedIntervals(depthBatch([book(1, MIDNIGHT + MINUTE)]))).toEqual([
      expect.objectContaining({
        table: 'depth_raw',
        priceType: 'none',
        fromId: 61_000_000,
        toId: 61_000_000,
      }),
    ]);
  });
});
