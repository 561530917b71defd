import { setTimeout as delay } from 'node:timers/promises';
import type { TableName, TouchedInterval } from '../encode/encode-batch.js';
import { reasonOf, StorageError } from '../errors.js';
import type { SpooledBatch } from '../spool/format.js';
import type { Spool, TakenBatch } from '../spool/spool.js';
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
const MOST_UNSETTLED = 100;

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
    const next = await this.options.spool.next(this.table);
    if (next === undefined) return true;
    try {
      if (next.batch !== undefined) await this.options.inserter.insert(next.batch);
    } catch (error) {
      if (error instanceof StorageError && error.code === 'CLOSED') return false;
      this.#settle(next, (batch) => this.#bury(batch, error));
      return true;
    }
    if (next.batch !== undefined) this.options.listener.onStored(next.batch);
    this.#settle(next, (batch) => this.#follow(batch));
    if (this.#unsettled >= MOST_UNSETTLED) await this.settled();
    return true;
  }

  /** Resolves when what was carried is forgotten, or must stay. */
  async settled(): Promise<void> {
    await this.#settling.catch(() => undefined);
  }

  /** Forgets a batch when this is done and all before it are forgotten. */
  #settle({ taken, batch }: TakenBatch, last: (batch: SpooledBatch) => Promise<void>): void {
    this.#unsettled++;
    const done = batch === undefined ? Promise.resolve() : last(batch);
    this.#settling = Promise.all([done, this.#settling]).then(() => {
      this.#unsettled--;
      this.options.spool.forget(taken);
    });
    this.#settling.catch(() => undefined); // who waits for it looks at what is left in the spool
  }

  async #follow(batch: SpooledBatch): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.options.listener.afterInsert(batch.table, batch.touched);
      } catch (error) {
        const { stopping } = this.options;
        stopping.throwIfAborted();
        if (failureOf(error) === 'final') return this.#bury(batch, error);
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
