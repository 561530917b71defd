import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Coverage } from './coverage.js';

const range = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => ({ from, to: from + length }));

describe('coverage', () => {
  it('is what any of the times has, moment by moment', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), range, (times, asked) => {
        const coverage = new Coverage(times);
        const isIn = (moment: number): boolean => times.some(({ from, to }) => from <= moment && moment < to);
        const moments = Array.from({ length: asked.to - asked.from }, (_, at) => asked.from + at);
        expect(coverage.covers(asked)).toBe(moments.every(isIn));
        expect(coverage.touches(asked)).toBe(moments.some(isIn));
        const gaps = coverage.gaps(asked);
        const inGaps = moments.filter((moment) => gaps.some(({ from, to }) => from <= moment && moment < to));
        expect(inGaps).toEqual(moments.filter((moment) => !isIn(moment)));
        expect(gaps.every(({ from, to }) => from >= asked.from && to <= asked.to && from < to)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
