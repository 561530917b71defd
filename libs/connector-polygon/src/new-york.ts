import type { Micros } from '@autotrader/schemas';

const MILLI = 1_000;
const DAY_MS = 86_400_000;
const format = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  ...{
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  },
});

/** A day of a calendar. */
export interface CalendarDay {
  readonly year: number;
  /** From 1; above 12, a later year. */
  readonly month: number;
  readonly day: number;
}

/** The date in New York at a moment. */
export function newYorkDate(time: Micros): CalendarDay {
  const { year, month, day } = partsAt(time / MILLI);
  return { year, month, day };
}

/** When a day begins in New York: at 05:00 UTC, at 04:00 in summer. */
export function newYorkMidnight({ year, month, day }: CalendarDay): Micros {
  const utc = Date.UTC(year, month - 1, day);
  // Clocks are changed at 2 in the morning of a Sunday, so the offset of noon the day before is that of midnight.
  const before = utc - DAY_MS / 2;
  const { year: y, month: m, day: d, hour, minute, second } = partsAt(before);
  const offset = Date.UTC(y, m - 1, d, hour, minute, second) - before;
  return (utc - offset) * MILLI;
}

/** `2024-01-02`. */
export function dateText({ year, month, day }: CalendarDay): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function partsAt(ms: number): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number> {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of format.formatToParts(ms))
    if (type in parts) parts[type as keyof typeof parts] = Number(value);
  return parts;
}
