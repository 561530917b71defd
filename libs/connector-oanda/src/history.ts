import {
  type BarHistoryRequest,
  type Clock,
  type Instrument,
  RejectedError,
  retried,
  type Source,
} from '@autotrader/connector-core';
import { formatMicros, type Micros, type OHLCV } from '@autotrader/schemas';
import { GRANULARITIES } from './granularities.js';
import { CANDLE_PRICES, candleBar, type CandlePriceType } from './normalize.js';
import { type WireCandle, WireCandles } from './protocol.js';
import { ask, type RestApi } from './rest.js';
import { VENUE } from './venue-name.js';

/** What the venue gives at most. */
const PAGE = 5_000;

/** What stands in `stream` of bars that were asked for. */
export const CANDLES = 'candles';

/** Where candles come from. */
export interface CandleSource {
  readonly api: RestApi;
  readonly instrument: Instrument;
  readonly clock: Clock;
}

/**
 * The candles of a time, page by page. One page is asked for after another, which stays far below the venue's 120 requests a
 * second; what fails is tried again three times.
 * https://developer.oanda.com/rest-live-v20/instrument-ep/
 * @throws RejectedError for an interval or a price type the venue does not have, or what it refuses.
 * @throws TransportError, RateLimitedError when it cannot be asked just now, after the retries.
 */
export async function* candlePages(
  { api, instrument, clock }: CandleSource,
  request: BarHistoryRequest,
): AsyncGenerator<readonly OHLCV[], void, undefined> {
  const { interval, from, to } = request;
  const granularity = granularityOf(interval);
  const priceTypes = priceTypesOf(request);
  const source: Source = { venue: VENUE, ...instrument, stream: CANDLES };
  const price = priceTypes.map((type) => CANDLE_PRICES[type]).join('');
  for (let start = from, isFirst = true; start < to; isFirst = false) {
    const query = new URLSearchParams({ price, granularity, count: String(PAGE), from: formatMicros(start) });
    query.set('includeFirst', String(isFirst));
    const path = `/v3/instruments/${encodeURIComponent(instrument.venueSymbol)}/candles?${query.toString()}`;
    const { candles } = await retried(api, () => ask(api, path, WireCandles));
    const receivedAt = clock.now();
    const wanted = candles.filter(({ time }) => time >= from && time < to);
    const bars = wanted.flatMap((candle) => barsOf(candle, source, interval, priceTypes, receivedAt));
    if (bars.length > 0) yield bars;
    const last = candles.at(-1);
    // A page that does not go further would be asked for without an end.
    if (last === undefined || candles.length < PAGE || (!isFirst && last.time <= start)) return;
    start = last.time;
  }
}

function barsOf(
  candle: WireCandle,
  source: Source,
  interval: string,
  priceTypes: readonly CandlePriceType[],
  receivedAt: Micros,
): OHLCV[] {
  return priceTypes.flatMap((type) => candleBar(candle, source, interval, type, receivedAt) ?? []);
}

function granularityOf(interval: string): string {
  const granularity = Object.hasOwn(GRANULARITIES, interval) ? GRANULARITIES[interval] : undefined;
  if (granularity !== undefined) return granularity;
  const all = Object.keys(GRANULARITIES).join(', ');
  throw new RejectedError(VENUE, `Oanda has no candles of ${interval}: it has ${all}`);
}

function priceTypesOf({ priceTypes = ['mid'] }: BarHistoryRequest): CandlePriceType[] {
  return priceTypes.map((type) => {
    if (type !== 'trade') return type;
    throw new RejectedError(VENUE, 'Oanda has no candles of trades: ask for mid, bid or ask');
  });
}
