import type { Micros } from '@autotrader/schemas';

/** The unit of every time on a connection or in an answer, by the venue's own names. */
export type TimeUnit = 'MILLISECOND' | 'MICROSECOND';

/** Writes a moment in the unit that was asked for; microseconds are cut, never rounded up. */
export function inUnit(micros: Micros, unit: TimeUnit): number {
  return unit === 'MICROSECOND' ? micros : Math.floor(micros / 1000);
}

/** `timeUnit=` and `X-MBX-TIME-UNIT` are taken in either case; undefined when it is neither unit. */
export function timeUnitOf(text: string | null | undefined): TimeUnit | undefined {
  const unit = text?.toUpperCase() ?? 'MILLISECOND';
  return unit === 'MILLISECOND' || unit === 'MICROSECOND' ? unit : undefined;
}
