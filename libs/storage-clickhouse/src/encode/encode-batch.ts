import { createHash } from 'node:crypto';
import type { Batch } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { touchedIntervals, type TouchedInterval } from '../bars/touched.js';
import type { ArrowColumns } from './arrow-columns.js';
import { encodeBars } from './bar.js';
import { encodeDepth } from './depth.js';
import { encodeGaps } from './gap.js';
import type { Origin } from './origin.js';
import { encodeQuarantine } from './quarantine.js';
import { encodeTicks } from './tick.js';

export type { TouchedInterval } from '../bars/touched.js';

/** Where each type of batch is written to. */
const TABLE_OF = {
  tick: 'tick_raw',
  depth: 'depth_raw',
  bar: 'bars_raw',
  gap: 'gap_raw',
  quarantine: 'quarantine_raw',
} as const satisfies Record<Batch['type'], string>;

/** A table that batches are written to. */
export type TableName = (typeof TABLE_OF)[Batch['type']];

/** A batch as it goes over the wire, and into a spool: frozen, so that a retry sends the very same bytes. */
export interface EncodedBatch {
  readonly table: TableName;
  /** The columns of the stream, in its order; a column without any value is left out. */
  readonly columns: readonly string[];
  /** Number of rows. */
  readonly rows: number;
  /** An Arrow IPC stream of one record batch. */
  readonly bytes: Uint8Array;
  /** SHA-256 of table and bytes, in hex: what makes the insert of the same batch count once. */
  readonly token: string;
  /** When its first row was received, our clock, microseconds. */
  readonly receivedAt: Micros;
  /** What its rows change of the bars, for a {@link BarKeeper}. */
  readonly touched: readonly TouchedInterval[];
}

/**
 * Encodes a batch for its table. The same batch gives the same bytes and the same token, in any process. Ticks and
 * books are kept for ever unless they are said to be `live`.
 * @throws RangeError when the rows need more than 2 GiB in one column.
 */
export function encodeBatch(batch: Batch, origin: Origin = 'backfill'): EncodedBatch {
  const table = TABLE_OF[batch.type];
  const columns = columnsOf(batch, origin);
  const bytes = columns.toStream();
  const token = createHash('sha256').update(table).update(bytes).digest('hex');
  const receivedAt = firstReceipt(batch);
  const touched = batch.type === 'tick' || batch.type === 'depth' ? touchedIntervals(batch) : [];
  return { table, columns: columns.names, rows: batch.length, bytes, token, receivedAt, touched };
}

/** Whether batches are written to a table of this name. */
export function isTableName(name: unknown): name is TableName {
  return Object.values<unknown>(TABLE_OF).includes(name);
}

function firstReceipt(batch: Batch): Micros {
  if (batch.type === 'tick' || batch.type === 'depth') return batch.columns.receivedAt[0] ?? 0;
  return batch.rows[0]?.receivedAt ?? 0;
}

function columnsOf(batch: Batch, origin: Origin): ArrowColumns {
  switch (batch.type) {
    case 'tick':
      return encodeTicks(batch, origin);
    case 'depth':
      return encodeDepth(batch, origin);
    case 'bar':
      return encodeBars(batch);
    case 'gap':
      return encodeGaps(batch);
    case 'quarantine':
      return encodeQuarantine(batch);
  }
}
