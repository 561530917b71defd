import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDecimal, isExactDecimal, midPrice, parseDecimal } from './decimal.js';

const RUNS = { numRuns: 20_000 };

/** Writes `units` of 10^-decimals as text, from its digits alone. */
function decimalText(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function withoutPadding(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

/** Decimals of a given number of significant digits at most, from 1e-12 up to 1e15, padded as venues pad. */
function decimals(leastUnits: bigint, greatestUnits: bigint): fc.Arbitrary<string> {
  const units = fc.bigInt({ min: leastUnits, max: greatestUnits });
  return fc
    .tuple(units, fc.nat(26), fc.nat(8), fc.boolean())
    .filter(([value, places]) => places <= String(value).length + 11)
    .map(([value, places, padding, isNegative]) => {
      const text = decimalText(isNegative ? -value : value, places);
      return places === 0 ? text : text + '0'.repeat(padding);
    });
}

const fifteenDigits = decimals(1n, 999_999_999_999_999n);

describe('parseDecimal and formatDecimal', () => {
  it('give back every decimal of up to 15 significant digits, trailing zeros aside', () => {
    fc.assert(
      fc.property(fifteenDigits, (text) => {
        expect(formatDecimal(parseDecimal(text))).toBe(withoutPadding(text));
      }),
      RUNS,
    );
  });

  it('write every finite double as a plain decimal that reads back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatDecimal(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(parseDecimal(text) - value).toBe(0);
      }),
      RUNS,
    );
  });

  it.each([
    ['61837.63000000', 61837.63, '61837.63'],
    ['0.00000001', 1e-8, '0.00000001'],
    ['-37.63', -37.63, '-37.63'],
    ['0', 0, '0'],
    ['0.00000000', 0, '0'],
    ['1500000000000000000000000', 1.5e24, '1500000000000000000000000'],
    ['999999999999.999', 999999999999.999, '999999999999.999'],
  ])('read %s as a double and write it plainly', (text, value, written) => {
    expect(parseDecimal(text)).toBe(value);
    expect(formatDecimal(value)).toBe(written);
  });

  it.each(
    [
      ['', ' ', ' 1', '1 ', '1\n', '+1', '--1', '.5', '5.', '.', '-', '1.2.3', '1,5', '1_000', '1e5', '1E-8'],
      ['0x10', '0b1', 'NaN', 'Infinity', '-Infinity', 'null', '١', '12a', `1${'0'.repeat(400)}`],
    ].flat(),
  )('refuse %j, which is not a plain decimal', (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it('keep an error short, however long the text was', () => {
    expect(() => parseDecimal('x'.repeat(1_000_000))).toThrow(/^not a decimal: x{64}$/);
  });

  it.each([NaN, Infinity, -Infinity])('refuse to write %d', (value) => {
    expect(() => formatDecimal(value)).toThrow(RangeError);
  });
});

describe('isExactDecimal', () => {
  it('is true for every decimal of up to 15 significant digits', () => {
    fc.assert(
      fc.property(fifteenDigits, (text) => isExactDecimal(text)),
      RUNS,
    );
  });

  it('is false for every longer decimal', () => {
    const longer = decimals(10n ** 15n, 10n ** 26n).filter((text) => !/0$/.test(text));
    fc.assert(
      fc.property(longer, (text) => !isExactDecimal(text)),
      RUNS,
    );
  });

  it('counts neither leading zeros nor padding', () => {
    expect(isExactDecimal('-0.000000123456789012345000')).toBe(true);
    expect(isExactDecimal('123456789012345000000')).toBe(true);
    expect(isExactDecimal('0.0000001234567890123456')).toBe(false);
  });

  it('flags a text so long that the double is 0', () => {
    const text = `0.${'0'.repeat(400)}1`;
    expect(parseDecimal(text)).toBe(0);
    expect(isExactDecimal(text)).toBe(false);
  });
});

describe('midPrice', () => {
  /** Two prices of one number of decimals, of up to `digits` digits each. */
  const quotes = (digits: number): fc.Arbitrary<readonly [bigint, bigint, number]> => {
    const units = fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n });
    return fc.tuple(units, units, fc.nat(14));
  };
  const expectExactMid = ([bid, ask, places]: readonly [bigint, bigint, number]): void => {
    const mid = midPrice(Number(decimalText(bid, places)), Number(decimalText(ask, places)));
    expect(formatDecimal(mid)).toBe(withoutPadding(decimalText((bid + ask) * 5n, places + 1)));
  };

  it('prints the exact mid of any two prices of up to 14 digits', () => {
    fc.assert(fc.property(quotes(14), expectExactMid), RUNS);
  });

  it('prints the exact mid of prices of 8 decimals below 8 388 608, though it may have 16 digits', () => {
    const units = fc.bigInt({ min: 0n, max: 2n ** 23n * 10n ** 8n - 1n });
    const at8Decimals = fc.tuple(units, units, fc.constant(8));
    fc.assert(fc.property(at8Decimals, expectExactMid), RUNS);
  });

  it.each([
    [61837.63, 61837.64, '61837.635'],
    [0.00000001, 0.00000002, '0.000000015'],
    [0.1, 0.2, '0.15'],
    [0.0000002934, 0.0000002935, '0.00000029345'],
    [12345678.12, 12345678.13, '12345678.125'],
    [1654321000.5, 1654321001, '1654321000.75'],
    [-37.63, -37.62, '-37.625'],
    [-0.5, 0.5, '0'],
  ])('of %d and %d prints %s', (bid, ask, text) => {
    expect(formatDecimal(midPrice(bid, ask))).toBe(text);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %d', (price) => {
    expect(() => midPrice(price, 1)).toThrow(RangeError);
    expect(() => midPrice(1, price)).toThrow(RangeError);
  });
});
