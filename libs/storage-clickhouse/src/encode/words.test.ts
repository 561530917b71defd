import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toInt64Words } from './words.js';

describe('toInt64Words', () => {
  it('gives the same integers as BigInt for every whole double', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (values) => {
        const words = toInt64Words(Float64Array.from(values));
        expect(Array.from(new BigUint64Array(words.buffer))).toEqual(values.map(BigInt));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is exact around the edges of a word and at the last whole double', () => {
    const edges = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const words = toInt64Words(Float64Array.from(edges));
    expect(Array.from(new BigInt64Array(words.buffer))).toEqual(edges.map(BigInt));
  });

  it('makes 0 of a value that is absent', () => {
    expect(Array.from(toInt64Words(Float64Array.of(NaN, 7)))).toEqual([0, 0, 7, 0]);
  });
});
