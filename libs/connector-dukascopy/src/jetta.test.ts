import { describe, expect, it } from '@jest/globals';
import { HAS_RECORDINGS, recorded } from './fixtures/recordings.js';
import { decodeJettaCandles, decodeJettaTicks } from './jetta.js';

const HOUR_MS = Date.UTC(2026, 10, 20, 14);
const TICKS = {
  ...{ timestamp: HOUR_MS, multiplier: 0.00001, ask: 1.05245, bid: 1.05231 },
  ...{ times: [181, 420, 95], asks: [0, 1, -2], bids: [0, 0, -1] },
  ...{ askVolumes: [900000, 1800000, 900000], bidVolumes: [900000, 900000, 2700000] },
};
const CANDLES = {
  ...{ timestamp: HOUR_MS, multiplier: 1.0e-5, shift: 60_000 },
  ...{ open: 1.14331, high: 1.14334, low: 1.14322, close: 1.14324 },
  ...{ times: [0, 1, 3], opens: [0, -8, 9], highs: [0, 1, 4], lows: [0, -4, 5], closes: [0, 9, -2] },
  volumes: [197.1, 104.85, 103.5],
};
const bytes = (json: unknown) => Buffer.from(JSON.stringify(json));

describe('ticks of the JSON interface', () => {
  it('go on from the first price, step by step', () => {
    const { millis, ask, bid, askSize, divisor } = decodeJettaTicks(bytes(TICKS), HOUR_MS);
    expect([[...millis], [...ask], [...bid], [...askSize], divisor]).toEqual([
      [181, 601, 696],
      [105245, 105246, 105244],
      [105231, 105231, 105230],
      [900000, 1800000, 900000],
      100000,
    ]);
  });

  it('of a closed hour are none', () => {
    const none = { times: [], asks: [], bids: [], askVolumes: [], bidVolumes: [] };
    expect(decodeJettaTicks(bytes({ ...TICKS, ask: null, bid: null, ...none }), HOUR_MS).length).toBe(0);
  });

  it.each([
    ['not JSON', Buffer.from('<html>'), 'not JSON'],
    ['of another shape', bytes({ ...TICKS, more: 1 }), 'Unrecognized key: "more"'],
    ['without a price', bytes({ ...TICKS, ask: null }), 'ticks without a price'],
    ['of columns of unequal length', bytes({ ...TICKS, asks: [0] }), 'columns of unequal length'],
    ['in steps that are none', bytes({ ...TICKS, multiplier: 3 }), 'prices in steps of 3'],
    [
      'in steps that its price is not of',
      bytes({ ...TICKS, multiplier: 1 }),
      '1.05245 is not a multiple of 1/1',
    ],
    [
      'of another hour',
      bytes({ ...TICKS, timestamp: HOUR_MS + 3_600_000 }),
      'row 0: not a time of the hour, in order',
    ],
    [
      'that run back in time',
      bytes({ ...TICKS, times: [181, -1, 1] }),
      'row 1: not a time of the hour, in order',
    ],
    ['of no size', bytes({ ...TICKS, bidVolumes: [1, -1, 1] }), 'row 1: not a size'],
  ])('%s are refused', (_, file, reason) => {
    expect(() => decodeJettaTicks(file, HOUR_MS)).toThrow(
      expect.objectContaining({ name: 'CorruptFile', message: reason }),
    );
  });
});

describe('candles of the JSON interface', () => {
  it('go on likewise, in steps of their length', () => {
    expect(decodeJettaCandles(bytes(CANDLES)).rows).toEqual([
      {
        openTime: HOUR_MS * 1000,
        open: 114331,
        high: 114334,
        low: 114322,
        close: 114324,
        volume: 197_100_000,
      },
      ...[[1, 114323, 114335, 114318, 114333, 104_850_000]].map(
        ([minute = 0, open, high, low, close, volume]) => ({
          ...{ openTime: HOUR_MS * 1000 + minute * 60_000_000, open, high, low, close, volume },
        }),
      ),
      {
        openTime: HOUR_MS * 1000 + 240_000_000,
        open: 114332,
        high: 114339,
        low: 114323,
        close: 114331,
        volume: 103_500_000,
      },
    ]);
  });

  it.each([
    ['without a price', { ...CANDLES, low: null }, 'candles without a price'],
    ['whose low is above', { ...CANDLES, low: 1.144 }, 'row 0: not prices of a candle'],
    ['that do not go on', { ...CANDLES, times: [0, 0, 1] }, 'row 1: not a time, in order'],
  ])('%s are refused', (_, json, reason) => {
    expect(() => decodeJettaCandles(bytes(json))).toThrow(
      expect.objectContaining({ name: 'CorruptFile', message: reason }),
    );
  });
});

(HAS_RECORDINGS ? describe : describe.skip)('real answers (need ../shared/recordings)', () => {
  interface Wire {
    readonly timestamp: number;
    readonly ask: number;
    readonly bid: number;
    readonly [column: string]: number | number[];
  }
  const json = (name: string) => JSON.parse(recorded(name).toString()) as Wire;
  /** Each value from the first on, in decimals of five digits, by text. */
  const running = (first: number, steps: number[]) => {
    let points = BigInt(first.toFixed(5).replace('.', ''));
    return steps.map((step) => {
      points += BigInt(step);
      const digits = points.toString().padStart(6, '0');
      return Number(`${digits.slice(0, -5)}.${digits.slice(-5)}`);
    });
  };

  it('of ticks are as another reading has them', () => {
    const name = 'jetta/ticks-EUR-USD-2026-7-13-12.json';
    const wire = json(name);
    const raw = decodeJettaTicks(recorded(name), wire.timestamp);
    let time = 0;
    expect(raw.length).toBe(3_551);
    expect([...raw.millis]).toEqual((wire['times'] as number[]).map((step) => (time += step)));
    expect([...raw.ask].map((price) => price / raw.divisor)).toEqual(
      running(wire.ask, wire['asks'] as number[]),
    );
    expect([...raw.bid].map((price) => price / raw.divisor)).toEqual(
      running(wire.bid, wire['bids'] as number[]),
    );
    expect([...raw.bidSize]).toEqual(wire['bidVolumes']);
  });

  it('of candles are as another reading has them, and a closed day has none', () => {
    const name = 'jetta/candles-minute-EUR-USD-BID-2026-7-10.json';
    const wire = json(name);
    const { rows, divisor } = decodeJettaCandles(recorded(name));
    expect(rows).toHaveLength(1_258);
    for (const column of ['open', 'high', 'low', 'close'] as const)
      expect(rows.map((row) => row[column] / divisor)).toEqual(
        running(wire[column] as number, wire[`${column}s`] as number[]),
      );
    expect(rows.map(({ volume }) => volume)).toEqual(
      (wire['volumes'] as number[]).map((millions) => Number(`${millions}e6`)),
    );
    expect(
      decodeJettaCandles(recorded('jetta/candles-minute-EUR-USD-BID-2026-7-11-empty.json')).rows,
    ).toEqual([]);
  });
});
