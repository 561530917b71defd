import type { Micros } from '@autotrader/schemas';

/** The ticks of an hour as the venue has them, column by column, oldest first. */
export interface RawTicks {
  readonly length: number;
  /** A price is a whole number divided by this. */
  readonly divisor: number;
  /** Milliseconds since the hour began. */
  readonly millis: Float64Array;
  readonly ask: Float64Array;
  readonly bid: Float64Array;
  /** Base units. */
  readonly askSize: Float64Array;
  readonly bidSize: Float64Array;
}

/** A candle as the venue has it. */
export interface RawCandle {
  readonly openTime: Micros;
  /** Prices: whole numbers, divided by {@link RawCandles.divisor}. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base units. */
  readonly volume: number;
}

/** The candles of a file, oldest first. */
export interface RawCandles {
  readonly divisor: number;
  readonly rows: readonly RawCandle[];
}

/** Nothing of an hour. */
export function noTicks(divisor: number): RawTicks {
  return allocateTicks(0, divisor);
}

/** Room for so many ticks. */
export function allocateTicks(length: number, divisor: number): RawTicks {
  const column = (): Float64Array => new Float64Array(length);
  return {
    length,
    divisor,
    millis: column(),
    ask: column(),
    bid: column(),
    askSize: column(),
    bidSize: column(),
  };
}

const HOUR_MS = 3_600_000;

/** What no tick can be: the files have no checksum, and damage shows as this. @returns `undefined` when all is well. */
export function wrongTick({ length, millis, ask, bid, askSize, bidSize }: RawTicks): string | undefined {
  let last = 0;
  for (let row = 0; row < length; row++) {
    const time = millis[row]!; // row is within the columns
    // NaN fails every one of these.
    if (!(time >= last && time < HOUR_MS)) return `row ${row}: not a time of the hour, in order`;
    if (!(ask[row]! > 0 && bid[row]! > 0)) return `row ${row}: not a price`; // row is within the columns
    if (!(isSize(askSize[row]!) && isSize(bidSize[row]!))) return `row ${row}: not a size`; // row is within the columns
    last = time;
  }
  return undefined;
}

/** What no candle can be. @returns `undefined` when all is well. */
export function wrongCandle({ rows }: RawCandles): string | undefined {
  let last = -1;
  for (const [row, { openTime, open, high, low, close, volume }] of rows.entries()) {
    if (!(openTime > last)) return `row ${row}: not a time, in order`;
    if (!(low > 0 && low <= open && low <= close && high >= open && high >= close))
      return `row ${row}: not prices of a candle`;
    if (!isSize(volume)) return `row ${row}: not a volume`;
    last = openTime;
  }
  return undefined;
}

/** A candle that the venue made up for a time without prices: one price, and no volume. */
export function isMadeUp({ open, high, low, close, volume }: RawCandle): boolean {
  return volume === 0 && open === close && high === low && open === high;
}

function isSize(value: number): boolean {
  return value >= 0 && value < Infinity;
}
