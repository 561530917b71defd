import type { Instrument } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { Dataset, TimeRange } from '../dataset.js';

/** Condition of SQL for the stored rows of a dataset and an instrument that begin in a time. */
export function rowsCondition(dataset: Dataset, { symbol }: Instrument, { from, to }: TimeRange): string {
  const time = dataset.rows === 'tick' ? 'timestamp' : 'open_time';
  const { venue, stream, interval = '', adjustment = '' } = dataset;
  return [
    `venue = ${sqlText(venue)}`,
    ...(symbol === '*' ? [] : [`symbol = ${sqlText(symbol)}`]),
    ...(dataset.rows === 'tick'
      ? [`stream = ${sqlText(stream)}`]
      : [`source = 'venue'`, `interval = ${sqlText(interval)}`, `adjustment = ${sqlText(adjustment)}`]),
    `${time} >= ${sqlTime(from)}`,
    `${time} < ${sqlTime(to)}`,
  ].join(' AND ');
}

/** A text as a literal of SQL. */
export function sqlText(value: string): string {
  return `'${value.replace(/[\\']/g, (special) => `\\${special}`)}'`;
}

/** A moment as an expression of SQL. */
export function sqlTime(time: Micros): string {
  return `fromUnixTimestamp64Micro(${time}, 'UTC')`;
}
