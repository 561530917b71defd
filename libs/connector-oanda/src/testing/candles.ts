import type { Micros } from '@autotrader/schemas';
import { type SimulatedPrice, rfc3339 } from './price.js';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { S: SECOND, M: MINUTE, H: HOUR };

/** A query for candles, checked. */
export interface CandleQuery {
  readonly instrument: string;
  readonly price: string;
  readonly granularity: string;
  readonly from: Micros;
  readonly count: number;
  readonly includeFirst: boolean;
}

/** Length of a granularity, microseconds; `D` is a day of UTC here, weeks and months are not simulated. */
export function lengthOf(granularity: string): number | undefined {
  if (granularity === 'D') return DAY;
  const [, unit = '', count] = /^([SMH])([0-9]+)$/.exec(granularity) ?? [];
  return count === undefined ? undefined : (UNITS[unit] ?? NaN) * Number(count);
}

interface Candle {
  readonly time: Micros;
  readonly prices: SimulatedPrice[];
}

/** The venue's answer, computed from the prices it made. */
export function candlesOf(query: CandleQuery, prices: readonly SimulatedPrice[], now: Micros): object {
  const { instrument, granularity, from, count, includeFirst, price } = query;
  const length = lengthOf(granularity) ?? DAY;
  const first = Math.floor(from / length) * length;
  const candles: Candle[] = [];
  for (const each of prices) {
    const time = Math.floor(each.time / length) * length;
    if (each.instrument !== instrument || time < first || (time === first && !includeFirst)) continue;
    const last = candles.at(-1);
    if (last?.time === time) last.prices.push(each);
    else candles.push({ time, prices: [each] });
  }
  return {
    instrument,
    granularity,
    candles: candles.slice(0, count).map((candle) => ({
      complete: candle.time + length <= now,
      volume: candle.prices.length,
      time: rfc3339(candle.time).replace('789Z', '000Z'),
      ...(price.includes('M') ? { mid: ohlc(candle.prices, mid) } : {}),
      ...(price.includes('B') ? { bid: ohlc(candle.prices, ({ bids }) => bids[0]?.price) } : {}),
      ...(price.includes('A') ? { ask: ohlc(candle.prices, ({ asks }) => asks[0]?.price) } : {}),
    })),
  };
}

function mid({ bids, asks }: SimulatedPrice): string | undefined {
  const [bid, ask] = [bids[0]?.price, asks[0]?.price];
  if (bid === undefined || ask === undefined) return bid ?? ask;
  const decimals = (bid.split('.')[1]?.length ?? 0) + 1;
  return ((Number(bid) + Number(ask)) / 2).toFixed(decimals);
}

function ohlc(prices: readonly SimulatedPrice[], of: (price: SimulatedPrice) => string | undefined): object {
  const texts = prices.flatMap((price) => of(price) ?? []);
  const sorted = texts.toSorted((a, b) => Number(a) - Number(b));
  return { o: texts[0], h: sorted.at(-1), l: sorted[0], c: texts.at(-1) };
}
