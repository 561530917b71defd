import type { Micros } from '@autotrader/schemas';

const MILLI = 1_000;
const HOUR = 3_600_000_000;
const SUNDAY = 0;
const FRIDAY = 5;
const SATURDAY = 6;

/**
 * Whether the forex market is open through a whole hour: from Sunday to Friday at 22:00 UTC (21:00 in New York's summer; the
 * narrower of the two), but for Christmas and New Year.
 */
export function isForexHour(hour: Micros): boolean {
  const date = new Date((hour - (hour % HOUR)) / MILLI);
  const [weekday, at] = [date.getUTCDay(), date.getUTCHours()];
  if (weekday === SATURDAY || (weekday === SUNDAY && at < 22) || (weekday === FRIDAY && at >= 21))
    return false;
  return !isHoliday(date) && !isHoliday(new Date(date.getTime() + 3 * 3_600_000));
}

/** Trading ends in the evening before; on the eves it is thin from the afternoon on. */
function isHoliday(date: Date): boolean {
  const [month, day, at] = [date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()];
  if ((month === 11 && day === 25) || (month === 0 && day === 1)) return true;
  return month === 11 && (day === 24 || day === 31) && at >= 18;
}
