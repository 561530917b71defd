import type { Source, TickBatch } from '@autotrader/connector-core';
import type { Micros, OHLCV } from '@autotrader/schemas';
import type { DukascopyInstrument } from './instruments.js';
import { isMadeUp, type RawCandle, type RawCandles, type RawTicks } from './raw.js';
import { VENUE } from './venue-name.js';

const MILLI = 1_000;
const HOUR = 3_600_000_000;
/** An hour's file has fewer rows: it may not be larger than 16 MiB. */
const IDS_AN_HOUR = 1_000_000;
const QUOTE = 1;
const UNKNOWN = 2;

/** What stands in `stream` of ticks. */
export const TICKS = 'ticks';
/** What stands in `stream` of candles. */
export const CANDLES = 'candles';

/** Sides of a quote that candles are made of. */
export type CandleSide = 'bid' | 'ask';
/** Lengths of candles. */
export type CandleInterval = '1m' | '1h' | '1d';

/**
 * Quotes of an hour in columns. The venue has no ids: one is the number of the hour since the epoch, times a million, and the row
 * in the hour, from 1; so it grows along the stream, tells rows of one millisecond apart, and is the same whichever way they came.
 */
export function tickBatch(
  { length, divisor, millis, ask, bid, askSize, bidSize }: RawTicks,
  instrument: DukascopyInstrument,
  hour: Micros,
  receivedAt: Micros,
): TickBatch {
  const column = (value: (row: number) => number): Float64Array => {
    const values = new Float64Array(length);
    for (let row = 0; row < length; row++) values[row] = value(row);
    return values;
  };
  const firstId = (hour / HOUR) * IDS_AN_HOUR + 1;
  const columns: TickBatch['columns'] = {
    source: new Int32Array(length),
    // Each row is within the columns.
    timestamp: column((row) => hour + millis[row]! * MILLI),
    receivedAt: new Float64Array(length).fill(receivedAt),
    sequenceId: column((row) => firstId + row),
    kind: new Int32Array(length).fill(QUOTE),
    // The exact middle, rounded once.
    price: column((row) => (ask[row]! + bid[row]!) / (2 * divisor)),
    size: new Float64Array(length),
    side: new Int32Array(length).fill(UNKNOWN),
    bid: column((row) => bid[row]! / divisor), // within
    ask: column((row) => ask[row]! / divisor), // within
    bidSize,
    askSize,
    condition: new Int32Array(length),
    contentId: new Float64Array(length).fill(NaN),
  };
  return { type: 'tick', length, sources: [sourceOf(instrument, TICKS)], columns };
}

/** Candles as bars; those that the venue made up for a time without prices are none. */
export function candleBars(
  { divisor, rows }: RawCandles,
  instrument: DukascopyInstrument,
  interval: CandleInterval,
  priceType: CandleSide,
  receivedAt: Micros,
): OHLCV[] {
  const source = sourceOf(instrument, CANDLES);
  const bar = ({ openTime, open, high, low, close, volume }: RawCandle): OHLCV => ({
    type: 'bar',
    ...source,
    timestamp: receivedAt,
    receivedAt,
    interval,
    priceType,
    openTime,
    open: open / divisor,
    high: high / divisor,
    low: low / divisor,
    close: close / divisor,
    volume,
    isClosed: true,
  });
  return rows.filter((row) => !isMadeUp(row)).map(bar);
}

function sourceOf({ symbol, venueSymbol, assetClass }: DukascopyInstrument, stream: string): Source {
  return { venue: VENUE, symbol, venueSymbol, assetClass, stream };
}
