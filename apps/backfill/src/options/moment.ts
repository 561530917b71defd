import { type Micros, parseRfc3339 } from '@autotrader/schemas';
import { UserError } from '@autotrader/runtime';
import type { CalendarDate } from '../dataset.js';

/** A date, which begins when the market's does, or an exact moment. */
export type Moment = { readonly date: CalendarDate } | { readonly time: Micros };

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * A date or a time as people write it; without a zone it is UTC.
 * @param option the name it was given by.
 * @throws UserError when it is neither.
 */
export function parseMoment(option: string, text: string): Moment {
  const [, year, month, day] = DATE.exec(text) ?? [];
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (day !== undefined && isDate(date)) return { date };
  if (TIME.test(text)) {
    const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
    try {
      return { time: parseRfc3339(zoned.replace(/T(\d\d:\d\d)(?=Z|[+-])/, 'T$1:00')) };
    } catch {
      // said below
    }
  }
  throw new UserError(
    `${option} is "${text}": give a date like 2024-10-01, or a time like 2024-10-01T09:00Z`,
  );
}

/** The day after. */
export function nextDate({ year, month, day }: CalendarDate): CalendarDate {
  return { year, month, day: day + 1 };
}

/** As it was given, or nearly. */
export function momentText(moment: Moment): string {
  const micros = 'time' in moment ? moment.time : utcOf(moment.date);
  const text = new Date(micros / 1_000).toISOString();
  return 'time' in moment ? text.replace('.000Z', 'Z') : text.slice(0, 10);
}

/** When a date begins in UTC. */
export function utcOf({ year, month, day }: CalendarDate): Micros {
  return Date.UTC(year, month - 1, day) * 1_000;
}

function isDate({ year, month, day }: CalendarDate): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1970;
}
