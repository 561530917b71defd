import type { Side, Tick, TickCondition } from '@autotrader/schemas';
import type { Source } from '../source.js';
import type { TickBatch } from './batch.js';
import { roomAfter } from './column-room.js';

/** The sides by the code that stands in {@link TickColumns.side}. */
export const SIDES: readonly Side[] = ['BUY', 'SELL', 'UNKNOWN'];

/** The kinds by the code that stands in {@link TickColumns.kind}. */
export const TICK_KINDS: readonly Tick['kind'][] = ['trade', 'quote'];

/** The conditions by the code that stands in {@link TickColumns.condition}; the first stands for none. */
export const TICK_CONDITIONS: readonly (TickCondition | '')[] = ['', 'INDICATIVE', 'DELAYED'];

/** Ticks column by column; times in microseconds; `NaN` stands for a value the event does not have. */
export interface TickColumns {
  /** Index into the batch's `sources`. */
  readonly source: Int32Array;
  readonly timestamp: Float64Array;
  readonly receivedAt: Float64Array;
  readonly sequenceId: Float64Array;
  /** Index into {@link TICK_KINDS}. */
  readonly kind: Int32Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  /** Index into {@link SIDES}. */
  readonly side: Int32Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
  /** Index into {@link TICK_CONDITIONS}. */
  readonly condition: Int32Array;
  readonly contentId: Float64Array;
}

/** Fills columns tick by tick and hands them over as a batch. */
export class TickColumnWriter {
  length = 0;
  #room: number;
  #columns: TickColumns;

  constructor(private readonly capacity: number) {
    this.#room = roomAfter(0, capacity);
    this.#columns = allocate(this.#room);
  }

  /** Writes one row; the caller takes the batch before `capacity` is passed. */
  append(source: number, tick: Tick): void {
    if (this.length === this.#room) this.#grow();
    const row = this.length++;
    const columns = this.#columns;
    columns.source[row] = source;
    columns.timestamp[row] = tick.timestamp;
    columns.receivedAt[row] = tick.receivedAt;
    columns.sequenceId[row] = tick.sequenceId ?? NaN;
    columns.kind[row] = tick.kind === 'trade' ? 0 : 1;
    columns.price[row] = tick.price;
    columns.size[row] = tick.size;
    columns.side[row] = tick.side === 'BUY' ? 0 : tick.side === 'SELL' ? 1 : 2;
    columns.bid[row] = tick.bid ?? NaN;
    columns.ask[row] = tick.ask ?? NaN;
    columns.bidSize[row] = tick.bidSize ?? NaN;
    columns.askSize[row] = tick.askSize ?? NaN;
    columns.condition[row] = tick.condition === undefined ? 0 : TICK_CONDITIONS.indexOf(tick.condition);
    columns.contentId[row] = tick.contentId ?? NaN;
  }

  /** The rows so far as a batch that owns its columns; the writer begins anew. */
  take(sources: readonly Source[]): TickBatch {
    const columns = this.#columns;
    const length = this.length;
    this.#room = roomAfter(length, this.capacity);
    this.#columns = allocate(this.#room);
    this.length = 0;
    return { type: 'tick', length, sources, columns: truncate(columns, length) };
  }

  #grow(): void {
    const from = this.#columns;
    this.#room = Math.min(this.capacity, 2 * this.#room);
    this.#columns = allocate(this.#room);
    for (const name of Object.keys(from) as (keyof TickColumns)[]) this.#columns[name].set(from[name]);
  }
}

function allocate(room: number): TickColumns {
  return {
    source: new Int32Array(room),
    timestamp: new Float64Array(room),
    receivedAt: new Float64Array(room),
    sequenceId: new Float64Array(room),
    kind: new Int32Array(room),
    price: new Float64Array(room),
    size: new Float64Array(room),
    side: new Int32Array(room),
    bid: new Float64Array(room),
    ask: new Float64Array(room),
    bidSize: new Float64Array(room),
    askSize: new Float64Array(room),
    condition: new Int32Array(room),
    contentId: new Float64Array(room),
  };
}

function truncate(columns: TickColumns, length: number): TickColumns {
  return {
    source: columns.source.subarray(0, length),
    timestamp: columns.timestamp.subarray(0, length),
    receivedAt: columns.receivedAt.subarray(0, length),
    sequenceId: columns.sequenceId.subarray(0, length),
    kind: columns.kind.subarray(0, length),
    price: columns.price.subarray(0, length),
    size: columns.size.subarray(0, length),
    side: columns.side.subarray(0, length),
    bid: columns.bid.subarray(0, length),
    ask: columns.ask.subarray(0, length),
    bidSize: columns.bidSize.subarray(0, length),
    askSize: columns.askSize.subarray(0, length),
    condition: columns.condition.subarray(0, length),
    contentId: columns.contentId.subarray(0, length),
  };
}
