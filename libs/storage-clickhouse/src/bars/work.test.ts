import { describe, expect, it } from '@jest/globals';
import { runsOf } from './minutes.js';
import { portionsOf } from './spans.js';
import type { TouchedInterval } from './touched.js';
import { Work } from './work.js';

const interval = (more: Partial<TouchedInterval> = {}): TouchedInterval => ({
  ...{ table: 'tick_raw', venue: 'BINANCE', symbol: 'BTC/USDT', stream: 'trade', priceType: 'trade' },
  ...{ fromMinute: 5, toMinute: 5, fromId: 0, toId: 0 },
  ...more,
});

const workOf = (...intervals: TouchedInterval[]): Work => {
  const work = new Work();
  for (const each of intervals) work.add(each);
  return work;
};

describe('runs of minutes', () => {
  it('are sorted, without repetition, and no longer than asked for', () => {
    expect(runsOf([9, 3, 1, 2, 3, 10])).toEqual([
      { from: 1, to: 3 },
      { from: 9, to: 10 },
    ]);
    expect(runsOf([1, 2, 3, 4, 5], 2)).toEqual([
      { from: 1, to: 2 },
      { from: 3, to: 4 },
      { from: 5, to: 5 },
    ]);
    expect(runsOf([1, 4, 7, 9], Infinity, 2)).toEqual([{ from: 1, to: 9 }]);
    expect(runsOf([1, 5, 7, 9], 4, 2)).toEqual([
      { from: 1, to: 1 },
      { from: 5, to: 7 },
      { from: 9, to: 9 },
    ]);
    expect(runsOf([])).toEqual([]);
  });
});

describe('work', () => {
  it('that many batches ask for is done once, symbols with the same minutes together', () => {
    const work = workOf(
      interval(),
      interval({ fromMinute: 6, toMinute: 7 }),
      interval({ stream: 'aggTrade', fromMinute: 6, toMinute: 6 }),
      interval({ symbol: 'ETH/USDT', fromMinute: 5, toMinute: 7 }),
      interval({ priceType: 'mid' }),
    );
    const [one, other] = [{ priceType: 'trade' }, { priceType: 'mid' }];
    expect(work.portions()).toEqual([
      [
        { venue: 'BINANCE', ...one, symbols: ['BTC/USDT', 'ETH/USDT'], from: 5, to: 7 },
        { venue: 'BINANCE', ...other, symbols: ['BTC/USDT'], from: 5, to: 5 },
      ],
    ]);
  });

  it('of many days comes in portions of at most a symbol and day', () => {
    const minutes = new Set(Array.from({ length: 3_000 }, (_, minute) => minute));
    const all = ['A', 'B'].map((symbol) => ({ venue: 'V', priceType: 'trade' as const, symbol, minutes }));
    const portions = portionsOf(all);
    const sizes = portions.map((spans) =>
      spans.reduce((sum, { symbols, from, to }) => sum + symbols.length * (to - from + 1), 0),
    );
    expect(sizes).toEqual([1440, 1440, 1440, 1440, 240]);
    expect(portionsOf([])).toEqual([]);
  });

  it('of many single minutes comes in portions that are not too long to say', () => {
    const minutes = new Set(Array.from({ length: 250 }, (_, n) => n * 70));
    const portions = portionsOf([{ venue: 'V', priceType: 'mid', symbol: 'A', minutes }]);
    expect(portions.map((spans) => spans.length)).toEqual([100, 100, 50]);
  });

  it('on rows that may have copies widens what follows in time, and keeps apart what does not', () => {
    const copies = workOf(
      interval({ fromId: 10, toId: 20 }),
      interval({ fromMinute: 6, toMinute: 6, fromId: 15, toId: 40 }),
      interval({ fromMinute: 900, toMinute: 900, fromId: 9_000, toId: 9_001 }),
      interval({ table: 'depth_raw', priceType: 'none', fromId: 1, toId: 2 }),
      interval(),
    );
    expect(copies.copies('tick_raw')).toEqual([
      [
        expect.objectContaining({ fromMinute: 5, toMinute: 6, fromId: 10, toId: 40 }),
        expect.objectContaining({ fromMinute: 900, toMinute: 900, fromId: 9_000, toId: 9_001 }),
      ],
    ]);
    expect(copies.copies('depth_raw')).toEqual([[expect.objectContaining({ fromId: 1, toId: 2 })]]);
    expect(copies.portions()).toHaveLength(1);
  });

  it('includes the minutes that lost ticks', () => {
    const work = workOf(interval());
    work.addLosing({ venue: 'BINANCE', symbol: 'BTC/USDT', kind: 'trade', losing: 6 });
    work.addLosing({ venue: 'BINANCE', symbol: 'BTC/USDT', kind: '', losing: 900 });
    expect(work.portions()).toEqual([[expect.objectContaining({ from: 5, to: 6 })]]);
  });
});
