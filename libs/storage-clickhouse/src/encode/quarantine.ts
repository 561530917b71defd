import type { QuarantineBatch } from '@autotrader/connector-core';
import { ArrowColumns } from './arrow-columns.js';
import { textsOf } from './dictionary.js';
import { numbers } from './event-rows.js';

/** The columns of `quarantine_raw`. */
export function encodeQuarantine({ rows }: QuarantineBatch): ArrowColumns {
  return new ArrowColumns(rows.length)
    .texts('venue', textsOf(rows.map(({ venue }) => venue)))
    .timestamp('received_at', numbers(rows, 'receivedAt'))
    .utf8(
      'reason',
      rows.map(({ reason }) => reason),
    )
    .uint64(
      'size',
      Float64Array.from(rows, ({ frame }) => frame.length),
    )
    .binary(
      'frame',
      rows.map(({ frame }) => frame),
    );
}
