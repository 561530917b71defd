import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatMicros, microsFromEpoch, microsFromNanos, parseRfc3339, startOfDay } from './time.js';

const RUNS = { numRuns: 20_000 };
const LATEST = BigInt(Number.MAX_SAFE_INTEGER);
const FIRST_OF_16_DIGITS = 10n ** 15n;

const moments = fc.bigInt({ min: 0n, max: LATEST });

/** RFC 3339 text with nine digits and without an offset, by `Date` for the whole milliseconds. */
function localText(micros: bigint, offsetMinutes: number): string {
  const local = micros + BigInt(offsetMinutes) * 60_000_000n;
  const microsOfMilli = ((local % 1000n) + 1000n) % 1000n;
  const millis = new Date(Number((local - microsOfMilli) / 1000n)).toISOString().slice(0, -1);
  return millis + String(microsOfMilli).padStart(3, '0');
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const hour = String(Math.floor(size / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hour}:${String(size % 60).padStart(2, '0')}`;
}

describe('microsFromEpoch', () => {
  const momentsAfter2001 = fc.bigInt({ min: FIRST_OF_16_DIGITS, max: LATEST });

  it.each([
    ['seconds', 1_000_000n],
    ['milliseconds', 1000n],
    ['microseconds', 1n],
  ])('widens %s exactly', (_unit, microsPerUnit) => {
    fc.assert(
      fc.property(momentsAfter2001, (moment) => {
        const value = moment / microsPerUnit;
        expect(BigInt(microsFromEpoch(Number(value)))).toBe(value * microsPerUnit);
      }),
      RUNS,
    );
  });

  it.each([
    [0, 0],
    [1, 1_000_000],
    [9_007_199_254, 9_007_199_254_000_000],
    [100_000_000_000, 100_000_000_000_000],
    [9_007_199_254_740, 9_007_199_254_740_000],
    [100_000_000_000_000, 100_000_000_000_000],
    [1_795_385_101_123_456, 1_795_385_101_123_456],
    [9_007_199_254_740_991, 9_007_199_254_740_991],
  ])('tells the unit of %d by its digits', (value, micros) => {
    expect(microsFromEpoch(value)).toBe(micros);
  });

  it.each([
    ...[-1, 0.5, 1795385101.123, NaN, Infinity, 2 ** 53],
    ...[9_007_199_255, 99_999_999_999, 9_007_199_254_741, 99_999_999_999_999],
  ])('refuses %d', (value) => {
    expect(() => microsFromEpoch(value)).toThrow(RangeError);
  });
});

describe('microsFromNanos', () => {
  it('cuts the last three digits, and does not round', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 16n, max: LATEST * 1000n + 999n }), (nanos) => {
        expect(BigInt(microsFromNanos(String(nanos)))).toBe(nanos / 1000n);
      }),
      RUNS,
    );
  });

  it.each(
    [
      ['', '1795385101123456', '-1795385101123456789', '1795385101.123456789', '1795385101123456789n'],
      ['0x95385101123456789', ' 1795385101123456789', '1795385101123456789\n', '17953851011234567890'],
      ['9007199254740992000', '9999999999999999999'],
    ].flat(),
  )('refuses %j', (text) => {
    expect(() => microsFromNanos(text)).toThrow(RangeError);
  });
});

describe('parseRfc3339', () => {
  it('agrees with Date and whole-number arithmetic at every offset, for 0 to 9 digits of a second', () => {
    const offsets = fc.integer({ min: -1439, max: 1439 });
    fc.assert(
      fc.property(moments, offsets, fc.nat(9), fc.nat(999), (moment, offset, digits, nanos) => {
        const text = localText(moment, offset) + String(nanos).padStart(3, '0');
        const cut = digits === 0 ? text.slice(0, 19) : text.slice(0, 20 + digits);
        const unit = 10n ** BigInt(Math.max(0, 6 - digits));
        expect(BigInt(parseRfc3339(cut + offsetText(offset)))).toBe((moment / unit) * unit);
      }),
      RUNS,
    );
  });

  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-22T22:05:01.123456789Z', 1_795_385_101_123_456],
    ['2026-11-22t22:05:01.1z', 1_795_385_101_100_000],
    ['2026-11-22 22:05:01Z', 1_795_385_101_000_000],
    ['2026-11-22T22:05:01.123456999999Z', 1_795_385_101_123_456],
    ['1969-12-31T23:30:00-01:00', 1_800_000_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000],
    ['2000-02-29T00:00:00Z', 951_782_400_000_000],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000_000],
    ['2255-06-05T23:47:34.740991Z', Number.MAX_SAFE_INTEGER],
  ])('reads %s', (text, micros) => {
    expect(parseRfc3339(text)).toBe(micros);
  });

  it.each(
    [
      ['2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '2100-02-29T00:00:00Z', '2026-04-31T00:00:00Z'],
      ['2026-00-01T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-32T00:00:00Z'],
      ['2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z', '2026-01-01T00:00:61Z'],
      ['2026-01-01T00:00:00+24:00', '2026-01-01T00:00:00-00:60'],
    ].flat(),
  )('refuses %s: there is no such time', (text) => {
    expect(() => parseRfc3339(text)).toThrow(/^no such time: /);
  });

  it.each(
    [
      ['1969-12-31T23:59:59.999999Z', '1970-01-01T00:59:59+01:00', '0000-03-01T00:00:00Z'],
      ['2255-06-05T23:47:34.740992Z', '2256-01-01T00:00:00Z', '9999-12-31T23:59:59Z'],
    ].flat(),
  )('refuses %s, which no exact number of microseconds holds', (text) => {
    expect(() => parseRfc3339(text)).toThrow(/^not between 1970 and 2255: /);
  });

  it.each(
    [
      ['', 'now', '2026-11-22', '22:05:01Z', '2026-11-22T22:05Z', '2026-11-22T22:05:01', '20261122T220501Z'],
      [
        '2026-11-22T22:05:01.Z',
        '2026-11-22T22:05:01,5Z',
        '2026-11-22T22:05:01+0100',
        '2026-11-22T22:05:01Z\n',
      ],
      [' 2026-11-22T22:05:01Z', '+2026-11-22T22:05:01Z', '2026-11-22T22:05:01ZZ', '٢٠٢٦-11-22T22:05:01Z'],
      ['1795385101', '2026-1-2T3:4:5Z'],
    ].flat(),
  )('refuses %j: not RFC 3339', (text) => {
    expect(() => parseRfc3339(text)).toThrow(/^not an RFC 3339 time: /);
  });

  it('keeps an error short, however long the text was', () => {
    expect(() => parseRfc3339('9'.repeat(1_000_000))).toThrow(/^not an RFC 3339 time: 9{64}$/);
    expect(() => microsFromNanos('9'.repeat(1_000_000))).toThrow(/^not a time in nanoseconds: 9{64}$/);
  });
});

describe('formatMicros', () => {
  it('writes six decimals, as Date and whole-number arithmetic do, and parses back', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const text = formatMicros(Number(moment));
        expect(text).toBe(`${localText(moment, 0)}Z`);
        expect(BigInt(parseRfc3339(text))).toBe(moment);
      }),
      RUNS,
    );
  });
});

describe('startOfDay', () => {
  it('is midnight UTC of the same day', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const midnight = new Date(Number(moment / 1000n)).setUTCHours(0, 0, 0, 0);
        expect(startOfDay(Number(moment))).toBe(midnight * 1000);
      }),
      RUNS,
    );
  });
});
