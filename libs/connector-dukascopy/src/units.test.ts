import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unitsOf } from './units.js';

it('a size in millions, which is a float of 32 bits, is the decimal of six digits it was made of', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -9, max: 4 }), (digits, exponent) => {
      expect(unitsOf(Math.fround(Number(`${digits}e${exponent}`)))).toBe(Number(`${digits}e${exponent + 6}`));
    }),
    { numRuns: 10_000 },
  );
  expect(unitsOf(0)).toBe(0);
  expect(unitsOf(4.619999885559082)).toBe(4_620_000);
});

it('what is no size stays none', () => {
  expect([unitsOf(NaN), unitsOf(Infinity), unitsOf(-1)]).toEqual([NaN, Infinity, -1_000_000]);
});
