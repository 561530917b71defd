import { setTimeout as delay } from 'node:timers/promises';
import type { TouchedInterval } from '../bars/touched.js';
import type { TableName } from '../encode/encode-batch.js';
import { reasonOf, StorageError } from '../errors.js';
import type { SpooledBatch } from '../spool/format.js';
import type { Taken } from '../spool/segments.js';
import type { Spool } from '../spool/spool.js';
import { backoffMs } from './backoff.js';
import { failureOf } from './failure.js';
import type { Inserter } from './inserter.js';

/**
 * What is to be done once ClickHouse has a batch: its bars computed anew. May be called again for the same
 * batch. What it throws is tried again if it may pass; else the batch becomes a dead letter.
 */
export type AfterInsert = (table: TableName, touched: readonly TouchedInterval[]) => Promise<void>;

/** A batch that ClickHouse has acknowledged. */
export interface Stored {
  readonly table: TableName;
  readonly rows: number;
  /** When its first row was received, our clock, microseconds. */
  readonly receivedAt: number;
}

/** Who hears of what becomes of a spool's batches. */
export interface DrainListener {
  readonly afterInsert: AfterInsert;
  readonly onStored: (stored: Stored) => void;
  /** A batch cannot be stored; it is in this file now. */
  readonly onDeadLetter: (batch: SpooledBatch, reason: string, path: string) => void;
}

/** Where a lane takes from and brings to. */
export interface LaneOptions {
  readonly spool: Spool;
  readonly inserter: Inserter;
  readonly listener: DrainListener;
  /** Nothing is tried again any more. */
  readonly stopping: AbortSignal;
}

/** So many batches may wait for what follows their insert. */
const MOST_UNSETTLED = 1000;

/** Carries the batches of one table from a spool into ClickHouse, in order. */
export class Lane {
  #unsettled = 0;
  /** Rejected once something must stay in the spool; what comes after it stays, too. */
  #settling: Promise<void> = Promise.resolve();

  constructor(
    private readonly table: TableName,
    private readonly options: LaneOptions,
  ) {}

  /** The next batch, if there is one. @returns false when it must wait for the next start. */
  async carry(): Promise<boolean> {
    const { spool, inserter, listener } = this.options;
    const next = await spool.next(this.table);
    if (next === undefined) return true;
    const { taken, batch } = next;
    if (batch === undefined) {
      this.#settle(taken, Promise.resolve());
      return true;
    }
    try {
      await inserter.insert(batch);
    } catch (error) {
      if (isClosed(error)) return false;
      this.#settle(taken, this.#bury(batch, error));
      return true;
    }
    listener.onStored(batch);
    this.#settle(taken, this.#follow(taken, batch.touched));
    if (this.#unsettled >= MOST_UNSETTLED) await this.settled();
    return true;
  }

  /** Resolves when what was carried is forgotten, or must stay. */
  async settled(): Promise<void> {
    await this.#settling.catch(() => undefined);
  }

  /** Forgets a record when this is done and all before it are forgotten. */
  #settle(taken: Taken, last: Promise<void>): void {
    this.#unsettled++;
    this.#settling = Promise.all([last, this.#settling]).then(() => {
      this.#unsettled--;
      this.options.spool.forget(taken);
    });
    this.#settling.catch(() => undefined); // who waits for it looks at what is left in the spool
  }

  /** Holds on to no bytes meanwhile: many may wait here. */
  async #follow(taken: Taken, touched: readonly TouchedInterval[]): Promise<void> {
    const { spool, listener, stopping } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await listener.afterInsert(this.table, touched);
      } catch (error) {
        stopping.throwIfAborted();
        if (isClosed(error)) throw error;
        if (failureOf(error) === 'final') {
          const batch = await spool.read(taken);
          return batch && this.#bury(batch, error);
        }
        await delay(backoffMs(attempt), undefined, { signal: stopping });
      }
    }
  }

  async #bury(batch: SpooledBatch, error: unknown): Promise<void> {
    const { spool, listener, stopping } = this.options;
    const reason = reasonOf(error);
    listener.onDeadLetter(batch, reason, await spool.deadLetters.keep(batch, reason, stopping));
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'CLOSED';
}
