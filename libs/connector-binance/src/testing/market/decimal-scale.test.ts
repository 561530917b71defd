import { describe, expect, it } from '@jest/globals';
import { DecimalScale } from './decimal-scale.js';

describe('DecimalScale', () => {
  it.each([
    ['0.01', 8_421_537, '84215.37000000'],
    ['0.00001', 1, '0.00001000'],
    ['0.00000001', 123_456_789, '1.23456789'],
    ['0.05', 3, '0.15000000'],
    ['1', 42, '42.00000000'],
    ['10', 42, '420.00000000'],
    ['0.10000000', 5, '0.50000000'],
    ['0.01', 0, '0.00000000'],
  ])('writes steps of %s as the venue writes decimals', (step, count, text) => {
    expect(new DecimalScale(step).format(count)).toBe(text);
  });

  it('finds the nearest step to a value', () => {
    expect(new DecimalScale('0.01').countOf(84_215.37)).toBe(8_421_537);
    expect(new DecimalScale('0.05').countOf(1.12)).toBe(22);
  });

  it('writes sums of products exactly, cut to eight places', () => {
    const [price, quantity] = [new DecimalScale('0.01'), new DecimalScale('0.00000001')];
    expect(price.formatProduct(8_421_537n * 119_000n, quantity)).toBe('100.21629030');
    expect(price.formatProduct(99n, quantity)).toBe('0.00000000');
  });

  it.each(['0', '-0.01', '1e-8', '', '0.000000001', 'x'])('refuses %j as a step', (step) => {
    expect(() => new DecimalScale(step)).toThrow(RangeError);
  });
});
