import type { DepthBatch } from '@autotrader/connector-core';
import { ArrowColumns } from './arrow-columns.js';
import type { Origin } from './origin.js';
import { addSourcesByIndex } from './source-texts.js';

/** The columns of `depth_raw`. */
export function encodeDepth({ length, sources, columns }: DepthBatch, origin: Origin): ArrowColumns {
  const arrow = new ArrowColumns(length);
  addSourcesByIndex(arrow, sources, columns.source);
  return arrow
    .timestamp('timestamp', columns.timestamp)
    .uint64Complement('received_order', columns.receivedAt)
    .uint64('sequence_id', columns.sequenceId)
    .nullableUint64('first_sequence_id', columns.firstSequenceId)
    .bool('is_snapshot', columns.isSnapshot)
    .levels('bids', columns.bids)
    .levels('asks', columns.asks)
    .text('origin', origin);
}
