import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ContentIds } from './content-id.js';

const SECOND = 1_000_000;
const trade = fc.record({
  second: fc.integer({ min: 1_700_000_000, max: 1_700_000_003 }),
  price: fc.constantFrom(271.35, 271.36, 271.37),
  size: fc.constantFrom(100, 200),
  exchange: fc.constantFrom('NASDAQ', 'ARCA', ''),
});
type Trade = typeof trade extends fc.Arbitrary<infer Value> ? Value : never;

function idsOf(trades: readonly Trade[]): number[] {
  const ids = new ContentIds();
  return trades.map(({ second, price, size, exchange }) =>
    ids.next(second * SECOND, [price, size], [exchange]),
  );
}

describe('a content id', () => {
  it('is one of its own for each trade, equal ones of a second too, and a whole number a double keeps', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 200 }), (trades) => {
        const sorted = trades.toSorted((a, b) => a.second - b.second);
        const ids = idsOf(sorted);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
      }),
    );
  });

  it('is the same for whoever hears the same trades, in whatever order those of a second come', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 50 }), fc.func(fc.nat()), (trades, place) => {
        const sorted = trades.toSorted((a, b) => a.second - b.second);
        const otherwise = sorted.toSorted((a, b) => a.second - b.second || place(a) - place(b));
        expect(idsOf(otherwise).toSorted()).toEqual(idsOf(sorted).toSorted());
      }),
    );
  });

  it('goes on counting where a trade of the second before comes late', () => {
    const ids = new ContentIds();
    const first = ids.next(5 * SECOND, [1], []);
    ids.next(6 * SECOND, [1], []);
    expect(ids.next(5 * SECOND, [1], [])).not.toBe(first);
  });
});
