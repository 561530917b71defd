import type { Micros } from './event.js';

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
const SECONDS_DIGITS_END = 1e11;
const MILLIS_DIGITS_END = 1e14;

/**
 * Widens a venue's epoch number to microseconds; the number of digits tells the unit: up to 11 are seconds,
 * up to 14 milliseconds, up to 16 microseconds (nanoseconds do not fit a double: see {@link microsFromNanos}).
 * Whole numbers only, nothing passes through `Date`.
 * @throws RangeError when the value is not a whole number, is negative, or lies beyond the year 2255.
 */
export function microsFromEpoch(value: number): Micros {
  const micros = value * microsPerUnit(value);
  if (!Number.isSafeInteger(value) || value < 0 || !Number.isSafeInteger(micros))
    throw new RangeError(`not an epoch time: ${value}`);
  return micros;
}

function microsPerUnit(value: number): number {
  if (value >= MILLIS_DIGITS_END) return 1;
  return value >= SECONDS_DIGITS_END ? 1000 : MICROS_PER_SECOND;
}

/**
 * Cuts a text of nanoseconds since the epoch (`"1795385101123456789"`) to microseconds, without a float.
 * @throws RangeError when the text is not a whole number of nanoseconds in 17 to 19 digits, or lies beyond
 * the year 2255.
 */
export function microsFromNanos(text: string): Micros {
  const micros = /^[0-9]{17,19}$/.test(text) ? Number(text.slice(0, -3)) : NaN;
  if (!Number.isSafeInteger(micros)) throw new RangeError(`not a time in nanoseconds: ${shorten(text)}`);
  return micros;
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Parses RFC 3339 text (`2026-11-22T22:05:01.123456789Z`) to microseconds; digits past the sixth are cut, and
 * a leap second is the first second of the next minute.
 * @throws RangeError when the text is not RFC 3339, names a day or an hour that does not exist, or lies before
 * 1970 or beyond the year 2255.
 */
export function parseRfc3339(text: string): Micros {
  const match = RFC3339.exec(text);
  if (match === null) throw new RangeError(`not an RFC 3339 time: ${shorten(text)}`);
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  if (
    !isDay(year, month, day) ||
    !isTimeOfDay(part(4), part(5), part(6)) ||
    !isTimeOfDay(part(9), part(10), 0)
  )
    throw new RangeError(`no such time: ${shorten(text)}`);
  const fraction = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  const minutes = part(4) * 60 + part(5) - (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10));
  const seconds = daysSinceEpoch(year, month, day) * 86_400 + minutes * 60 + part(6);
  const micros = seconds * MICROS_PER_SECOND + fraction;
  if (seconds < 0 || !Number.isSafeInteger(micros))
    throw new RangeError(`not between 1970 and 2255: ${shorten(text)}`);
  return micros;
}

/** Writes microseconds as RFC 3339 text with six decimals: `2026-11-22T22:05:01.123456Z`. */
export function formatMicros(micros: Micros): string {
  const fraction = micros % MICROS_PER_SECOND;
  const wholeSeconds = new Date((micros - fraction) / 1000).toISOString().slice(0, 19);
  return `${wholeSeconds}.${String(fraction).padStart(6, '0')}Z`;
}

/** Start of the UTC day of a moment, in microseconds. */
export function startOfDay(micros: Micros): Micros {
  return micros - (micros % MICROS_PER_DAY);
}

/** An error's message never carries a whole frame. */
function shorten(text: string): string {
  return text.slice(0, 64);
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function isTimeOfDay(hour: number, minute: number, second: number): boolean {
  return hour <= 23 && minute <= 59 && second <= 60;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 by the civil calendar (years counted from March, so a leap day ends its year). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
