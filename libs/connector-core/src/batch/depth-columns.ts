import type { Depth, DepthLevel } from '@autotrader/schemas';
import type { Source } from '../source.js';
import type { DepthBatch } from './batch.js';
import { roomAfter } from './column-room.js';

/** The levels of one side, all rows one after another; row `i` spans `offsets[i]` to `offsets[i + 1]`. */
export interface LevelColumns {
  readonly offsets: Int32Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
}

/** Order books column by column; times in microseconds; `NaN` stands for a value the event does not have. */
export interface DepthColumns {
  /** Index into the batch's `sources`. */
  readonly source: Int32Array;
  readonly timestamp: Float64Array;
  readonly receivedAt: Float64Array;
  readonly sequenceId: Float64Array;
  readonly firstSequenceId: Float64Array;
  /** 1 for a snapshot, 0 for a diff. */
  readonly isSnapshot: Uint8Array;
  readonly bids: LevelColumns;
  readonly asks: LevelColumns;
}

/** Fills columns book by book and hands them over as a batch. */
export class DepthColumnWriter {
  length = 0;
  #room: number;
  #rows: RowColumns;
  #bids: LevelWriter;
  #asks: LevelWriter;

  constructor(private readonly capacity: number) {
    this.#room = roomAfter(0, capacity);
    this.#rows = allocateRows(this.#room);
    this.#bids = new LevelWriter(this.#room, 0);
    this.#asks = new LevelWriter(this.#room, 0);
  }

  /** Writes one row; the caller takes the batch before `capacity` is passed. */
  append(source: number, depth: Depth): void {
    if (this.length === this.#room) this.#grow();
    const row = this.length++;
    const rows = this.#rows;
    rows.source[row] = source;
    rows.timestamp[row] = depth.timestamp;
    rows.receivedAt[row] = depth.receivedAt;
    rows.sequenceId[row] = depth.sequenceId ?? NaN;
    rows.firstSequenceId[row] = depth.firstSequenceId ?? NaN;
    rows.isSnapshot[row] = depth.isSnapshot ? 1 : 0;
    this.#bids.append(row, depth.bids);
    this.#asks.append(row, depth.asks);
  }

  /** The rows so far as a batch that owns its columns; the writer begins anew. */
  take(sources: readonly Source[]): DepthBatch {
    const { length } = this;
    const rows = this.#rows;
    const columns: DepthColumns = {
      source: rows.source.subarray(0, length),
      timestamp: rows.timestamp.subarray(0, length),
      receivedAt: rows.receivedAt.subarray(0, length),
      sequenceId: rows.sequenceId.subarray(0, length),
      firstSequenceId: rows.firstSequenceId.subarray(0, length),
      isSnapshot: rows.isSnapshot.subarray(0, length),
      bids: this.#bids.columns(length),
      asks: this.#asks.columns(length),
    };
    this.#room = roomAfter(length, this.capacity);
    this.#rows = allocateRows(this.#room);
    this.#bids = new LevelWriter(this.#room, columns.bids.price.length);
    this.#asks = new LevelWriter(this.#room, columns.asks.price.length);
    this.length = 0;
    return { type: 'depth', length, sources, columns };
  }

  #grow(): void {
    const from = this.#rows;
    this.#room = Math.min(this.capacity, 2 * this.#room);
    this.#rows = allocateRows(this.#room);
    for (const name of Object.keys(from) as (keyof RowColumns)[]) this.#rows[name].set(from[name]);
    this.#bids.widen(this.#room);
    this.#asks.widen(this.#room);
  }
}

type RowColumns = Omit<DepthColumns, 'bids' | 'asks'>;

function allocateRows(capacity: number): RowColumns {
  return {
    source: new Int32Array(capacity),
    timestamp: new Float64Array(capacity),
    receivedAt: new Float64Array(capacity),
    sequenceId: new Float64Array(capacity),
    firstSequenceId: new Float64Array(capacity),
    isSnapshot: new Uint8Array(capacity),
  };
}

const FIRST_LEVELS = 1024;

/** Levels of one side; the arrays double when they are full, since no one knows how deep a book is. */
class LevelWriter {
  #offsets: Int32Array;
  #price: Float64Array;
  #size: Float64Array;
  #length = 0;

  constructor(rows: number, levels: number) {
    this.#offsets = new Int32Array(rows + 1);
    const room = Math.max(FIRST_LEVELS, Math.ceil(levels * 1.125));
    this.#price = new Float64Array(room);
    this.#size = new Float64Array(room);
  }

  widen(rows: number): void {
    const offsets = new Int32Array(rows + 1);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
  }

  append(row: number, levels: readonly DepthLevel[]): void {
    const end = this.#length + levels.length;
    while (end > this.#price.length) this.#grow();
    for (const level of levels) {
      this.#price[this.#length] = level.price;
      this.#size[this.#length++] = level.size;
    }
    this.#offsets[row + 1] = end;
  }

  columns(rows: number): LevelColumns {
    return {
      offsets: this.#offsets.subarray(0, rows + 1),
      price: this.#price.subarray(0, this.#length),
      size: this.#size.subarray(0, this.#length),
    };
  }

  #grow(): void {
    this.#price = doubled(this.#price);
    this.#size = doubled(this.#size);
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
