import type { Gap, OHLCV } from '@autotrader/schemas';
import { ArrowColumns } from './arrow-columns.js';
import { addSources } from './source-texts.js';

/** The columns every event has, for rows that are events. */
export function eventColumns(rows: readonly (OHLCV | Gap)[]): ArrowColumns {
  const arrow = new ArrowColumns(rows.length);
  addSources(arrow, rows);
  return arrow
    .timestamp('timestamp', numbers(rows, 'timestamp'))
    .timestamp('received_at', numbers(rows, 'receivedAt'))
    .uint64('sequence_id', numbers(rows, 'sequenceId'));
}

/** One numeric property of every row as a column; `NaN` where a row does not have it. */
export function numbers<Name extends string>(
  rows: readonly Readonly<Partial<Record<Name, number | undefined>>>[],
  property: Name,
): Float64Array {
  return Float64Array.from(rows, (row) => row[property] ?? NaN);
}
