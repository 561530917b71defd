import { SIDES, type TickBatch, TICK_CONDITIONS, TICK_KINDS } from '@autotrader/connector-core';
import { ArrowColumns } from './arrow-columns.js';
import { textsByCode } from './dictionary.js';
import type { Origin } from './origin.js';
import { addSourcesByIndex } from './source-texts.js';

/** The columns of `tick_raw`. */
export function encodeTicks({ length, sources, columns }: TickBatch, origin: Origin): ArrowColumns {
  const arrow = new ArrowColumns(length);
  addSourcesByIndex(arrow, sources, columns.source);
  return arrow
    .timestamp('timestamp', columns.timestamp)
    .uint64Complement('received_order', columns.receivedAt)
    .uint64('sequence_id', columns.sequenceId)
    .texts('kind', textsByCode(TICK_KINDS, columns.kind))
    .float64('price', columns.price)
    .float64('size', columns.size)
    .texts('side', textsByCode(SIDES, columns.side))
    .nullableFloat64('bid', columns.bid)
    .nullableFloat64('ask', columns.ask)
    .nullableFloat64('bid_size', columns.bidSize)
    .nullableFloat64('ask_size', columns.askSize)
    .optionalTexts('condition', textsByCode(TICK_CONDITIONS, columns.condition))
    .optionalUint64('content_id', columns.contentId)
    .text('origin', origin);
}
