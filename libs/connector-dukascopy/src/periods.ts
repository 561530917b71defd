import type { Micros } from '@autotrader/schemas';
import type { CandleInterval } from './normalize.js';

const MILLI = 1_000;
/** Of the time a file is about. */
const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

/** The time a file of the venue is about: it begins at `from`, and `to` is the first moment of the next one. */
export interface Period {
  readonly from: Micros;
  readonly to: Micros;
}

/** The hour of ticks that a moment is in. */
export function hourOf(time: Micros): Period {
  const from = time - (time % HOUR);
  return { from, to: from + HOUR };
}

/** The file of candles that a moment is in: of minutes a day has one, of hours a month, of days a year. */
export function candlePeriodOf(interval: CandleInterval, time: Micros): Period {
  if (interval === '1m') return { from: time - (time % DAY), to: time - (time % DAY) + DAY };
  const date = new Date(time / MILLI);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return interval === '1h'
    ? { from: Date.UTC(year, month) * MILLI, to: Date.UTC(year, month + 1) * MILLI }
    : { from: Date.UTC(year, 0) * MILLI, to: Date.UTC(year + 1, 0) * MILLI };
}

/** Year, month from 1, day and hour of a moment, in UTC. */
export function dateOf(time: Micros): { year: number; month: number; day: number; hour: number } {
  const date = new Date(time / MILLI);
  const month = date.getUTCMonth() + 1;
  return { year: date.getUTCFullYear(), month, day: date.getUTCDate(), hour: date.getUTCHours() };
}
