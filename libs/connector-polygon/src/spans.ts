import { RejectedError } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { newYorkDate, newYorkMidnight } from './new-york.js';
import { VENUE } from './venue-name.js';

/** Spans of an aggregate. */
export const TIMESPANS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
/** Span of an aggregate. */
export type Timespan = (typeof TIMESPANS)[number];

/** How long an aggregate is. */
export interface Span {
  readonly timespan: Timespan;
  readonly multiplier: number;
}

const UNITS = {
  ...{ second: 's', minute: 'm', hour: 'h', day: 'd', week: 'w', month: 'M' },
} as const satisfies Partial<Record<Timespan, string>>;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const SECONDS = { second: 1, minute: 60, hour: 3_600 } as const;
const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

/** `5m`, `1d`; a quarter is `3M`, a year `12M`. */
export function intervalOf({ timespan, multiplier }: Span): string {
  if (timespan === 'quarter' || timespan === 'year') return `${MONTHS[timespan] * multiplier}M`;
  return `${multiplier}${UNITS[timespan]}`;
}

/** The span of an interval. @throws RejectedError when it is none. */
export function spanOf(interval: string): Span {
  const [, count, unit] = /^([1-9][0-9]{0,3})([smhdwM])$/.exec(interval) ?? [];
  const timespan = TIMESPANS.find(
    (name) => unit !== undefined && (UNITS as Record<string, string>)[name] === unit,
  );
  if (timespan !== undefined) return { timespan, multiplier: Number(count) };
  throw new RejectedError(VENUE, `Polygon has no bars of ${interval}: give a number and one of s m h d w M`);
}

/** Whether bars of this span begin with a day of the market, and not at a round time of the clock. */
export function isOfDays({ timespan }: Span): boolean {
  return !(timespan in SECONDS);
}

/**
 * The first moment after a bar.
 * @param isNewYork whether days are those of New York (stocks), or of UTC.
 */
export function endOf(openTime: Micros, { timespan, multiplier }: Span, isNewYork: boolean): Micros {
  if (timespan === 'second' || timespan === 'minute' || timespan === 'hour')
    return openTime + SECONDS[timespan] * multiplier * SECOND;
  const days = timespan === 'day' ? multiplier : timespan === 'week' ? 7 * multiplier : 0;
  const months = timespan === 'day' || timespan === 'week' ? 0 : MONTHS[timespan] * multiplier;
  if (isNewYork) {
    const { year, month, day } = newYorkDate(openTime);
    return newYorkMidnight({ year, month: month + months, day: day + days });
  }
  const date = new Date(openTime / 1_000);
  return months === 0
    ? openTime + days * DAY
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()) * 1_000;
}
