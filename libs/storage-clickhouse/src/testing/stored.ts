import type { QuarantinedFrame } from '@autotrader/connector-core';
import type { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';

/** What a row that lacks the property holds: 0 in a column of the table's key, else NULL. */
const WHERE_ABSENT = {
  tick: { sequenceId: 0, bid: null, ask: null, bidSize: null, askSize: null, condition: '', contentId: 0 },
  depth: { sequenceId: 0, firstSequenceId: null },
  bar: { sequenceId: 0, trades: null, vwap: null, adjustment: '' },
  gap: { sequenceId: 0, fromSequence: 0, toSequence: null, healedAt: null },
};

/** What is said of a row beyond its event. */
const ADDED = {
  tick: { origin: 'backfill' },
  depth: { origin: 'backfill' },
  bar: { source: 'venue' },
  gap: {},
};

/** An event as its table should hold it: values by column, times in microseconds. */
export function storedRow(event: Tick | Depth | OHLCV | Gap | QuarantinedFrame): Record<string, unknown> {
  if (!('type' in event)) return byColumn({ ...event, size: event.frame.length });
  const { type, ...values } = event;
  return byColumn({ ...WHERE_ABSENT[type], ...values, ...ADDED[type] });
}

/** `receivedAt` is `received_at`. */
function byColumn(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([property, value]) => [
      property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
