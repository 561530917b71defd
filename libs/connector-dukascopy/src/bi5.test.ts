import { describe, expect, it } from '@jest/globals';
import { randomFrom } from '@autotrader/connector-core/testing';
import { compressSync } from '@napi-rs/lzma/lzma';
import fc from 'fast-check';
import { decodeBi5Candles, decodeBi5Ticks } from './bi5.js';
import { CorruptFile } from './corrupt-file.js';
import { independentTicks } from './fixtures/independent.js';
import { DAY_TICKS, HAS_RECORDINGS, recorded, recordedHour } from './fixtures/recordings.js';
import { isMadeUp, type RawTicks } from './raw.js';
import { bi5Candles, bi5Ticks } from './testing/encode.js';

const HOUR = Date.UTC(2026, 0, 5, 9) * 1_000;
const EUR_USD = 100_000;

/** As {@link independentTicks} has them. */
function rowsOf({ length, divisor, millis, ask, bid, askSize, bidSize }: RawTicks) {
  return Array.from({ length }, (_, row) => ({
    millis: millis[row],
    ask: (ask[row] ?? NaN) / divisor,
    bid: (bid[row] ?? NaN) / divisor,
    askSize: askSize[row],
    bidSize: bidSize[row],
  }));
}

const tick = (millis: number, more = {}) => ({
  ...{ time: HOUR + millis * 1_000, ask: 114_512, bid: 114_509, askMillions: 4.62, bidMillions: 1 },
  ...more,
});
const decoded = (...ticks: ReturnType<typeof tick>[]) => decodeBi5Ticks(bi5Ticks(ticks, HOUR), EUR_USD);

/** A file of other records than ours. */
function fileOf(records: Buffer, size = records.length): Buffer {
  const file = compressSync(records);
  file.writeBigUInt64LE(BigInt(size), 5);
  return file;
}

describe('an hourly file', () => {
  it('is read as it was written, whatever it says', () => {
    const millions = fc.integer({ min: 0, max: 999_999 }).map((hundredths) => hundredths / 100);
    const price = fc.integer({ min: 1, max: 2 ** 32 - 1 });
    const ticks = fc.array(
      fc.record({
        millis: fc.integer({ min: 0, max: 3_599_999 }),
        ...{ ask: price, bid: price, askMillions: millions, bidMillions: millions },
      }),
    );
    fc.assert(
      fc.property(ticks, (written) => {
        written.sort((a, b) => a.millis - b.millis);
        const rows = rowsOf(decoded(...written.map((each) => tick(each.millis, each))));
        expect(rows).toEqual(
          written.map(({ millis, ask, bid, askMillions, bidMillions }) => ({
            ...{ millis, ask: ask / EUR_USD, bid: bid / EUR_USD },
            ...{ askSize: Number(`${askMillions}e6`), bidSize: Number(`${bidMillions}e6`) },
          })),
        );
      }),
    );
  });

  it('without a byte is an hour without ticks', () => {
    expect(decodeBi5Ticks(Buffer.alloc(0), EUR_USD).length).toBe(0);
  });

  it.each([
    ['a web page', Buffer.from('<!DOCTYPE html><html></html>'), 'not LZMA'],
    ['a header alone', fileOf(Buffer.alloc(20, 1)).subarray(0, 13), 'not LZMA'],
    ['records cut short', fileOf(Buffer.alloc(30, 1)), '30 bytes are not records of 20'],
    ['a size beyond all', fileOf(Buffer.alloc(20, 1), 2 ** 40), 'announces 1099511627776 bytes'],
    ['more records than it has', fileOf(Buffer.alloc(20, 1), 40), 'cut short or damaged'],
    ['a time after the hour', bi5Ticks([tick(3_600_000)], HOUR), 'row 0: not a time of the hour, in order'],
    ['times out of order', bi5Ticks([tick(5), tick(4)], HOUR), 'row 1: not a time of the hour, in order'],
    ['a price of nothing', bi5Ticks([tick(5, { bid: 0 })], HOUR), 'row 0: not a price'],
    ['a size below nothing', bi5Ticks([tick(5, { askMillions: -1 })], HOUR), 'row 0: not a size'],
    ['a size that is no number', bi5Ticks([tick(5, { bidMillions: NaN })], HOUR), 'row 0: not a size'],
    ['a size without end', bi5Ticks([tick(5, { bidMillions: Infinity })], HOUR), 'row 0: not a size'],
  ])('that is %s is refused', (_, file, reason) => {
    expect(() => decodeBi5Ticks(file, EUR_USD)).toThrow(
      expect.objectContaining({ name: 'CorruptFile', message: reason }),
    );
  });

  it('keeps a crossed quote, for such there are', () => {
    expect(rowsOf(decoded(tick(5, { ask: 114_500 })))).toMatchObject([{ ask: 1.145, bid: 1.14509 }]);
  });

  it('is refused when it was cut anywhere, or any byte of it is another', () => {
    const random = randomFrom(2019);
    const file = bi5Ticks(
      Array.from({ length: 3_000 }, (__, row) =>
        tick(row * 1_000 + Math.floor(random() * 1_000), { bid: 114_000 + Math.floor(random() * 500) }),
      ),
      HOUR,
    );
    const truth = rowsOf(decodeBi5Ticks(file, EUR_USD));
    let accepted = 0;
    for (let times = 0; times < 500; times++) {
      const at = 13 + Math.floor(random() * (file.length - 20));
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      for (const bad of [damaged, file.subarray(0, at)]) {
        try {
          const rows = rowsOf(decodeBi5Ticks(bad, EUR_USD));
          if (JSON.stringify(rows) !== JSON.stringify(truth)) accepted++;
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptFile);
        }
      }
    }
    expect(accepted).toBe(0);
  });
});

(HAS_RECORDINGS ? describe : describe.skip)('real files (need ../shared/recordings)', () => {
  it('of a day have its ticks, as another decoder reads them', () => {
    let ticks = 0;
    for (let hour = 0; hour < 24; hour++) {
      const file = recordedHour(hour);
      const rows = rowsOf(decodeBi5Ticks(file, EUR_USD));
      expect(rows).toEqual(independentTicks(file));
      ticks += rows.length;
    }
    expect(ticks).toBe(DAY_TICKS);
    const [first] = rowsOf(decodeBi5Ticks(recordedHour(9), EUR_USD));
    expect(first).toEqual({
      millis: 375,
      ask: 1.14512,
      bid: 1.14509,
      askSize: 4_620_000,
      bidSize: 1_000_000,
    });
    expect(decodeBi5Ticks(recorded('empty.bi5'), EUR_USD).length).toBe(0);
  }, 60_000);

  it('of candles are those of the ticks of the day, at the bid', () => {
    const begins = Date.UTC(2019, 1, 4) * 1_000;
    const { rows } = decodeBi5Candles(recorded('BID_candles_min_1.bi5'), EUR_USD, begins);
    expect(rows).toHaveLength(1_440);
    const minutes = new Map<number, number[]>();
    for (let hour = 0; hour < 24; hour++) {
      const { length, millis, bid } = decodeBi5Ticks(recordedHour(hour), EUR_USD);
      for (let row = 0; row < length; row++) {
        const minute = hour * 60 + Math.floor((millis[row] ?? NaN) / 60_000);
        minutes.set(minute, [...(minutes.get(minute) ?? []), bid[row] ?? NaN]);
      }
    }
    const candles = rows.filter((row) => !isMadeUp(row));
    expect(candles.map(({ openTime }) => (openTime - begins) / 60_000_000)).toEqual([...minutes.keys()]);
    for (const { openTime, open, high, low, close } of candles) {
      const prices = minutes.get((openTime - begins) / 60_000_000) ?? [];
      expect([open, high, low, close]).toEqual([
        prices[0],
        Math.max(...prices),
        Math.min(...prices),
        prices.at(-1),
      ]);
    }
  });
});

describe('a file of candles', () => {
  it('has open, close, low and high in this order', () => {
    const candle = { openTime: HOUR, open: 5, high: 9, low: 3, close: 7, volume: 12.34 };
    expect(decodeBi5Candles(bi5Candles([candle], HOUR), EUR_USD, HOUR).rows).toEqual([
      { ...candle, volume: 12_340_000 },
    ]);
  });

  it.each([
    [{ high: 6 }, 'row 0: not prices of a candle'],
    [{ low: 6 }, 'row 0: not prices of a candle'],
    [{ low: 0, open: 0 }, 'row 0: not prices of a candle'],
    [{ volume: -1 }, 'row 0: not a volume'],
  ])('whose candle is wrong (%j) is refused', (wrong, reason) => {
    const candle = { openTime: HOUR, open: 5, high: 9, low: 3, close: 7, volume: 1, ...wrong };
    const file = bi5Candles([candle], HOUR);
    expect(() => decodeBi5Candles(file, EUR_USD, HOUR)).toThrow(
      expect.objectContaining({ name: 'CorruptFile', message: reason }),
    );
  });

  it('out of order is refused', () => {
    const candle = { openTime: HOUR, open: 5, high: 9, low: 3, close: 7, volume: 1 };
    const file = bi5Candles([candle, candle], HOUR);
    expect(() => decodeBi5Candles(file, EUR_USD, HOUR)).toThrow('row 1: not a time, in order');
  });
});
