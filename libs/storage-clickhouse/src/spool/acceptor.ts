import type { EncodedBatch, TableName } from '../encode/encode-batch.js';
import { StorageError } from '../errors.js';
import type { Appender, Entry } from './appender.js';
import { encodeRecord } from './format.js';
import type { AcceptedPosition } from './positions.js';
import type { Room } from './room.js';
import type { SpoolNotices } from './spool-notices.js';

interface Waiting extends Entry {
  readonly accepted: () => void;
  readonly refused: (error: Error) => void;
}

/** So much goes to the disk at a time, however much waits. */
const GROUP_BYTES = 32 * 2 ** 20;

/** Accepts batches: what comes while the disk is busy goes to it together, with one sync. */
export class Acceptor {
  readonly #closing = new AbortController();
  readonly #queue: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(
    private readonly appender: Appender,
    private readonly room: Room,
    private readonly notices: SpoolNotices,
    private readonly onAccepted: (table: TableName) => void,
  ) {}

  /**
   * Resolves when the batch is on the disk; waits as long as there is no room.
   * @throws StorageError CLOSED when it was closed before.
   */
  accept(batch: EncodedBatch, positions: readonly AcceptedPosition[] = []): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(closed());
    const { table, columns, rows, bytes, token, receivedAt, touched } = batch;
    const acceptedAt = Date.now();
    const facts = { table, columns, rows, bytes, token, receivedAt, touched, acceptedAt };
    const pieces = encodeRecord(positions.length === 0 ? facts : { ...facts, positions });
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return new Promise((accepted, refused) => {
      this.#queue.push({ table, pieces, length, acceptedAt, accepted, refused });
      this.#running ??= this.#run();
    });
  }

  /** What is not on the disk by now is refused. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      try {
        if (!this.room.has(first.length)) await this.#waitForRoom(first.length);
        const appended = await this.appender.append(this.#group(), this.#closing.signal);
        for (const { table, accepted } of this.#queue.splice(0, appended)) {
          accepted();
          this.onAccepted(table);
        }
      } catch (cause) {
        for (const { refused } of this.#queue.splice(0)) refused(closed(cause));
      }
    }
    this.#running = undefined;
  }

  /** What waits, as far as it may go together: at least the first. */
  #group(): Waiting[] {
    let bytes = 0;
    const end = this.#queue.findIndex(({ length }, index) => {
      bytes += length;
      return index > 0 && (bytes > GROUP_BYTES || !this.room.has(bytes));
    });
    return this.#queue.slice(0, end < 0 ? this.#queue.length : end);
  }

  async #waitForRoom(bytes: number): Promise<void> {
    // What is acknowledged in the newest file can only go when nothing is appended to it any more.
    await this.appender.seal();
    if (this.room.has(bytes)) return;
    this.notices.full(this.room.limitBytes, this.room.deadLetterBytes);
    while (!this.room.has(bytes)) await this.room.change(this.#closing.signal);
    this.notices.flows();
  }
}

function closed(cause?: unknown): StorageError {
  return new StorageError('CLOSED', 'the storage was closed before the spool had the batch', { cause });
}
