import type { DepthBatch, Source, TickBatch } from '@autotrader/connector-core';
import { runsOf } from './minutes.js';

/**
 * A span of time in which rows arrived: what has to be looked at again once ClickHouse has them. Survives a
 * restart as JSON.
 */
export type TouchedInterval = {
  /** Where the rows are. */
  readonly table: 'tick_raw' | 'depth_raw';
  readonly venue: string;
  readonly symbol: string;
  readonly stream: string;
  /** The bars they are part of; `none` of books. */
  readonly priceType: 'trade' | 'mid' | 'none';
  /** First and last minute, counted from the epoch; each minute between them has rows, too. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Least and greatest id of the rows that carry our receive time for want of one of the venue; 0 for none. */
  readonly fromId: number;
  readonly toId: number;
};

const MINUTE = 60_000_000;

/** By the code that stands in {@link TickBatch.columns}`.kind`. */
const PRICE_TYPES = ['trade', 'mid'] as const;

/**
 * Which minutes of which bars the ticks of a batch are part of, and where copies of them, received by another
 * process, may lie in another minute. Books are part of no bar, so only the latter counts of them.
 */
export function touchedIntervals(batch: TickBatch | DepthBatch): TouchedInterval[] {
  if (batch.type === 'tick') {
    const touches = touchesOf(batch, PRICE_TYPES.length, batch.columns.kind);
    return touches.flatMap((touch, slot) => {
      const source = batch.sources[Math.floor(slot / PRICE_TYPES.length)];
      return intervalsOf(touch, source, 'tick_raw', PRICE_TYPES[slot % PRICE_TYPES.length]);
    });
  }
  const touches = touchesOf(batch, 1);
  return touches.flatMap((touch, slot) =>
    touch.toId === 0 ? [] : intervalsOf(touch, batch.sources[slot], 'depth_raw', 'none'),
  );
}

/** What was seen of one source. */
class Touch {
  readonly minutes = new Set<number>();
  lastMinute = -1;
  fromId = Infinity;
  toId = 0;
}

type Rows = Pick<TickBatch['columns'], 'source' | 'timestamp' | 'receivedAt' | 'sequenceId'>;

/** For each source, `width` of them, by the code of the row. */
function touchesOf(
  { length, sources, columns }: { length: number; sources: readonly Source[]; columns: Rows },
  width: number,
  code?: Int32Array,
): Touch[] {
  const touches = Array.from({ length: sources.length * width }, () => new Touch());
  const { source, timestamp, receivedAt, sequenceId } = columns;
  for (let row = 0; row < length; row++) {
    const touch = touches[(source[row] ?? 0) * width + (code?.[row] ?? 0)];
    const time = timestamp[row] ?? 0;
    const minute = Math.floor(time / MINUTE);
    if (touch === undefined) continue;
    if (minute !== touch.lastMinute) touch.minutes.add((touch.lastMinute = minute));
    if (time === receivedAt[row]) widen(touch, sequenceId[row] ?? NaN);
  }
  return touches;
}

/** NaN, an absent id, is neither less nor greater. */
function widen(touch: Touch, id: number): void {
  if (id < touch.fromId) touch.fromId = id;
  if (id > touch.toId) touch.toId = id;
}

function intervalsOf(
  { minutes, fromId, toId }: Touch,
  source: Source | undefined,
  table: TouchedInterval['table'],
  priceType: TouchedInterval['priceType'] | undefined,
): TouchedInterval[] {
  if (source === undefined || priceType === undefined) return [];
  const { venue, symbol, stream } = source;
  const ids = { fromId: toId === 0 ? 0 : fromId, toId };
  return runsOf(minutes).map(({ from, to }) => ({
    ...{ table, venue, symbol, stream, priceType, fromMinute: from, toMinute: to },
    ...ids,
  }));
}
