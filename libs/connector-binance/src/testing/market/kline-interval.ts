import type { Micros } from '@autotrader/schemas';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 1970-01-05, the first Monday: weeks begin on Monday, 00:00 UTC. */
const FIRST_MONDAY = 4 * DAY;

const LENGTHS: Readonly<Record<string, Micros>> = {
  '1s': SECOND,
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '3d': 3 * DAY,
};

/** Every interval of Binance's klines. */
export const KLINE_INTERVALS: readonly string[] = [...Object.keys(LENGTHS), '1w', '1M'];

/** From when to when (exclusive) the bar runs that holds a moment; microseconds, UTC. */
export interface BarSpan {
  readonly openTime: Micros;
  readonly endTime: Micros;
}

export function barSpanAt(interval: string, time: Micros): BarSpan {
  if (interval === '1M') return monthAt(time);
  const length = interval === '1w' ? 7 * DAY : (LENGTHS[interval] ?? NaN);
  const origin = interval === '1w' ? FIRST_MONDAY : 0;
  const openTime = Math.floor((time - origin) / length) * length + origin;
  return { openTime, endTime: openTime + length };
}

function monthAt(time: Micros): BarSpan {
  const date = new Date(Math.floor(time / 1000));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { openTime: Date.UTC(year, month) * 1000, endTime: Date.UTC(year, month + 1) * 1000 };
}
