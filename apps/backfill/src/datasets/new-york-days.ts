import { type CalendarDay, dateText, newYorkDate, newYorkMidnight } from '@autotrader/connector-polygon';
import type { Micros } from '@autotrader/schemas';
import { getHolidays } from 'nyse-holidays';

/** Days on which the exchange was closed though no holiday: mourning, storms, attacks. */
const UNSCHEDULED: ReadonlySet<string> = new Set([
  ...['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14', '2004-06-11', '2007-01-02'],
  ...['2012-10-29', '2012-10-30', '2018-12-05', '2025-01-09'],
]);

const holidays = new Map<number, ReadonlySet<string>>();

/** Whether shares are traded in New York on this date. */
export function isTradingDay({ year, month, day }: CalendarDay): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  const weekday = date.getUTCDay();
  const text = date.toISOString().slice(0, 10);
  return (
    weekday !== 0 && weekday !== 6 && !UNSCHEDULED.has(text) && !holidaysOf(date.getUTCFullYear()).has(text)
  );
}

/** The dates of New York in a time, each with its first moment. */
export function* newYorkDays(from: Micros, to: Micros): Generator<CalendarDay & { readonly begins: Micros }> {
  const { year, month, day } = newYorkDate(from);
  for (let ahead = 0; ; ahead++) {
    const begins = newYorkMidnight({ year, month, day: day + ahead });
    if (begins >= to) return;
    if (begins >= from) yield { ...newYorkDate(begins), begins };
  }
}

/** `2024-01-02` in New York. */
export function newYorkDateText(time: Micros): string {
  return dateText(newYorkDate(time));
}

function holidaysOf(year: number): ReadonlySet<string> {
  const known = holidays.get(year) ?? new Set(getHolidays(year).map(({ dateString }) => dateString));
  holidays.set(year, known);
  return known;
}
