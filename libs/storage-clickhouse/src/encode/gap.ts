import type { GapBatch } from '@autotrader/connector-core';
import type { ArrowColumns } from './arrow-columns.js';
import { textsOf } from './dictionary.js';
import { eventColumns, numbers } from './event-rows.js';

/** The columns of `gap_raw`. */
export function encodeGaps({ rows }: GapBatch): ArrowColumns {
  return eventColumns(rows)
    .uint64('from_sequence', numbers(rows, 'fromSequence'))
    .nullableUint64('to_sequence', numbers(rows, 'toSequence'))
    .timestamp('from_time', numbers(rows, 'fromTime'))
    .timestamp('to_time', numbers(rows, 'toTime'))
    .texts('cause', textsOf(rows.map(({ cause }) => cause)))
    .nullableTimestamp('healed_at', numbers(rows, 'healedAt'));
}
