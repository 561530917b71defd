import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameCursor } from './frame-cursor.js';

const DIGITS = Array.from('0123456789');
const RUNS = { numRuns: 10_000, seed: 20_240_808 };

/** Reads a value the way a frame holds it: from an offset on, with more text behind it. */
function read(
  text: string,
  parse: (cursor: FrameCursor) => number,
): { value: number; rest: string; ok: boolean } {
  const cursor = new FrameCursor();
  cursor.open(Buffer.from(`#${text}`));
  cursor.at = 1;
  const value = parse(cursor);
  return { value, ok: cursor.ok, rest: cursor.ok ? `#${text}`.slice(cursor.at) : '' };
}

const decimal = (text: string) => read(`${text}",`, (cursor) => cursor.decimal());
const integer = (text: string) => read(`${text},`, (cursor) => cursor.integer());

const digits = (length: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  length.chain((count) =>
    fc.string({ unit: fc.constantFrom(...DIGITS), minLength: count, maxLength: count }),
  );

/** Decimals as the venue writes them, and longer ones, with and without padding. */
const decimalText = fc
  .tuple(digits(fc.nat(16)), digits(fc.nat(20)), fc.nat(8))
  .map(([whole, fraction, padding]) => {
    const padded = fraction + '0'.repeat(padding);
    return `${whole.replace(/^0+/, '') || '0'}${padded === '' ? '' : `.${padded}`}`;
  });

/** Almost numbers: any text of the characters that numbers are written with. */
const numberish = fc.string({
  unit: fc.constantFrom(...DIGITS, ...Array.from('0..-+eE xN_')),
  maxLength: 24,
});

const significantDigits = (text: string): number =>
  text
    .replace('.', '')
    .replace(/^0+/, '')
    .replace(text.includes('.') ? /0+$/ : /$/, '').length;

describe('FrameCursor.decimal', () => {
  it('reads exactly the double that Number reads, whenever it accepts a text', () => {
    fc.assert(
      fc.property(fc.oneof(decimalText, numberish), (text) => {
        const { ok, value } = decimal(text);
        if (ok) expect(Object.is(value, Number(text))).toBe(true);
      }),
      RUNS,
    );
  });

  it('accepts nothing but plain decimals of at most 15 significant digits', () => {
    fc.assert(
      fc.property(fc.oneof(decimalText, numberish), (text) => {
        if (!decimal(text).ok) return;
        expect(text).toMatch(/^(0|[1-9][0-9]*)(\.[0-9]+)?$/);
        expect(significantDigits(text)).toBeLessThanOrEqual(15);
      }),
      RUNS,
    );
  });

  it('accepts every decimal of at most 15 digits, so that no usual price is slow', () => {
    const usual = fc.tuple(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), fc.nat(14), fc.nat(8));
    fc.assert(
      fc.property(usual, ([units, places, padding]) => {
        const all = String(units).padStart(places + 1, '0');
        const whole = all.slice(0, all.length - places);
        const text = places === 0 ? whole : `${whole}.${all.slice(-places)}${'0'.repeat(padding)}`;
        expect(decimal(text)).toEqual({ ok: true, value: Number(text), rest: ',' });
      }),
      RUNS,
    );
  });

  it.each([
    ['a leading zero', '01.5'],
    ['two zeros', '00'],
    ['an exponent', '1e5'],
    ['a large exponent', '1E5'],
    ['a minus', '-1.0'],
    ['a plus', '+1.0'],
    ['no digit before the point', '.5'],
    ['no digit after the point', '5.'],
    ['nothing', ''],
    ['two points', '1.2.3'],
    ['a space', ' 1'],
    ['hexadecimal', '0x1'],
    ['16 digits', '1234567890.123456'],
    ['16 digits before the point', '1000000000000000'],
    ['16 decimals', '0.0000000000000001'],
    ['a decimal text without an end', `1.${'0'.repeat(31)}`],
    ['more digits than a double has', '9'.repeat(400)],
  ])('refuses %s', (_, text) => {
    expect(decimal(text).ok).toBe(false);
  });

  it.each([
    ['0', 0],
    ['0.00000000', 0],
    ['0.000000000000001', 1e-15],
    ['999999999999999', 999_999_999_999_999],
    ['84215.37000000', 84_215.37],
    [`1.5${'0'.repeat(29)}`, 1.5],
  ])('reads %s, padded or not, and its closing quote', (text, value) => {
    expect(decimal(text)).toEqual({ ok: true, value, rest: ',' });
  });

  it('refuses a decimal that the frame ends in', () => {
    expect(read('1.5', (cursor) => cursor.decimal()).ok).toBe(false);
  });
});

describe('FrameCursor.integer', () => {
  it('reads exactly the integer that JSON reads, whenever it accepts a text', () => {
    const text = fc.oneof(digits(fc.integer({ min: 1, max: 20 })), numberish);
    fc.assert(
      fc.property(text, (written) => {
        const { ok, value, rest } = integer(written);
        if (!ok) return;
        const taken = written.slice(0, written.length + 1 - rest.length);
        expect(value).toBe(JSON.parse(taken));
        expect(Number.isSafeInteger(value)).toBe(true);
      }),
      RUNS,
    );
  });

  it('accepts every integer that a double holds exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(integer(String(value))).toEqual({ ok: true, value, rest: ',' });
      }),
      RUNS,
    );
  });

  it.each([
    ['a leading zero', '01'],
    ['a sign', '-1'],
    ['nothing', ''],
    ['2^53', '9007199254740992'],
    ['an odd number past 2^53', '9007199254740993'],
    ['hundreds of digits', '1'.repeat(400)],
  ])('refuses %s', (_, text) => {
    expect(integer(text).ok).toBe(false);
  });

  it('stops before an exponent or a point, which no layout has there', () => {
    expect(integer('12e3').rest).toBe('e3,');
    expect(integer('12.5').rest).toBe('.5,');
  });
});

describe('FrameCursor', () => {
  it('closes only at the end of a frame that was as expected', () => {
    const cursor = new FrameCursor();
    cursor.open(Buffer.from('ab'));
    cursor.literal(Buffer.from('a'));
    expect(cursor.closes()).toBe(false);
    cursor.literal(Buffer.from('b'));
    expect(cursor.closes()).toBe(true);
    cursor.literal(Buffer.from('c'));
    expect(cursor.closes()).toBe(false);
  });

  it('remembers what was not as expected until it is given another frame', () => {
    const cursor = new FrameCursor();
    cursor.open(Buffer.from('ab'));
    cursor.byte(0x62);
    cursor.byte(0x61);
    cursor.byte(0x62);
    expect(cursor.closes()).toBe(false);
    cursor.open(Buffer.from(''));
    expect(cursor.closes()).toBe(true);
  });
});
