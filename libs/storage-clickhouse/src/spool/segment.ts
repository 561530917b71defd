import type { TableName } from '../encode/encode-batch.js';
import { type FileId, HEAD_BYTES } from './format.js';

/** Where in a segment a record is, and since when. */
export interface Place {
  readonly offset: number;
  readonly length: number;
  /** Our clock, milliseconds since the epoch. */
  readonly acceptedAt: number;
}

/** The records of one table: numbers in a row, since there may be millions while ClickHouse is away. */
interface Lane {
  /** Offset, length, and time of acceptance of each record. */
  readonly numbers: number[];
  taken: number;
  forgotten: number;
}

const NUMBERS_A_RECORD = 3;

/** What is known of a file of the spool: where its records are, and which of them are still needed. */
export class Segment {
  readonly #lanes = new Map<TableName, Lane>();
  #pendingBatches = 0;
  #pendingBytes = 0;
  /** Nothing is appended any more. */
  isSealed = false;
  /** Holds bytes that could not be read back: it is not deleted but moved aside. */
  isDamaged = false;

  constructor(
    readonly path: string,
    readonly id: FileId,
    /** Bytes that are durable. */
    public length = HEAD_BYTES,
  ) {}

  get pendingBatches(): number {
    return this.#pendingBatches;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** A record that is in the file. */
  add(table: TableName, { offset, length, acceptedAt }: Place): void {
    this.#lane(table).numbers.push(offset, length, acceptedAt);
    this.#pendingBatches++;
    this.#pendingBytes += length;
  }

  /** Tables of which there is a record that was not taken. */
  get tables(): TableName[] {
    return [...this.#lanes.keys()].filter((table) => this.hasNext(table));
  }

  hasNext(table: TableName): boolean {
    const lane = this.#lanes.get(table);
    return lane !== undefined && placeAt(lane, lane.taken) !== undefined;
  }

  /** The oldest record of a table that was not taken. */
  take(table: TableName): Place | undefined {
    const lane = this.#lane(table);
    const place = placeAt(lane, lane.taken);
    if (place !== undefined) lane.taken++;
    return place;
  }

  /** The oldest record of a table is not needed any more. */
  forget(table: TableName): void {
    const lane = this.#lane(table);
    const place = placeAt(lane, lane.forgotten);
    if (place === undefined) return;
    lane.forgotten++;
    lane.taken = Math.max(lane.taken, lane.forgotten);
    this.#pendingBatches--;
    this.#pendingBytes -= place.length;
  }

  /** Nor are those that end here or before. */
  forgetThrough(table: TableName, end: number): void {
    const lane = this.#lane(table);
    for (;;) {
      const place = placeAt(lane, lane.forgotten);
      if (place === undefined || place.offset + place.length > end) return;
      this.forget(table);
    }
  }

  /** Where the last forgotten record of each table ends. */
  forgottenThrough(): Partial<Record<TableName, number>> {
    return Object.fromEntries(
      [...this.#lanes].flatMap(([table, lane]) => {
        const last = placeAt(lane, lane.forgotten - 1);
        return last === undefined ? [] : [[table, last.offset + last.length]];
      }),
    );
  }

  /** When the oldest record that is still needed was accepted. */
  get oldestAcceptedAt(): number | undefined {
    const times = [...this.#lanes.values()].map((lane) => placeAt(lane, lane.forgotten)?.acceptedAt);
    return times.reduce(
      (oldest, time) => (time !== undefined && time < (oldest ?? Infinity) ? time : oldest),
      undefined,
    );
  }

  #lane(table: TableName): Lane {
    const known = this.#lanes.get(table);
    if (known !== undefined) return known;
    const lane = { numbers: [], taken: 0, forgotten: 0 };
    this.#lanes.set(table, lane);
    return lane;
  }
}

function placeAt({ numbers }: Lane, index: number): Place | undefined {
  const [offset, length, acceptedAt] = numbers.slice(
    index * NUMBERS_A_RECORD,
    (index + 1) * NUMBERS_A_RECORD,
  );
  if (offset === undefined || length === undefined || acceptedAt === undefined) return undefined;
  return { offset, length, acceptedAt };
}
