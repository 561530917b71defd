import { setTimeout as delay } from 'node:timers/promises';
import { ClickHouseError } from '@clickhouse/client';
import type { EncodedBatch, TableName } from '../encode/encode-batch.js';
import { reasonOf, StorageError } from '../errors.js';
import type { StorageMetrics } from '../metrics.js';
import { errorCode } from '../server/refusal.js';
import { backoffMs, WITH_PATIENCE } from './backoff.js';
import { type Failure, failureOf } from './failure.js';
import { InOrder } from './in-order.js';
import { insertOnce, type InsertTarget } from './insert-once.js';
import { Semaphore } from './semaphore.js';
import { splitByDay } from './split-by-day.js';

/** An insert that failed and will be sent again. */
export interface Retry {
  readonly table: TableName;
  readonly rows: number;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** How long until the next one, in milliseconds. */
  readonly delayMs: number;
  /** What went wrong, in one line. */
  readonly reason: string;
}

/** How an inserter works, and who hears of it. */
export interface InserterOptions {
  readonly metrics: StorageMetrics;
  readonly onRetry: (retry: Retry) => void;
  /** A batch of too many days is now stored in so many pieces. */
  readonly onSplit: (batch: EncodedBatch, pieces: number) => void;
  /** Whether it waits for somebody to set the server right, too: user, rights, database. */
  readonly isPatient: boolean;
}

const MOST_IN_FLIGHT = 2;

/**
 * Inserts encoded batches: those of one table in order, at most two at a time, each again and again with the
 * same bytes and token until the server acknowledges it.
 */
export class Inserter {
  readonly #closing = new AbortController();
  readonly #noMoreTries: AbortSignal;
  readonly #inFlight = new Semaphore(MOST_IN_FLIGHT);
  readonly #tables = new InOrder();

  constructor(
    private readonly target: InsertTarget,
    private readonly options: InserterOptions,
  ) {
    const { signal } = this.#closing;
    this.#noMoreTries = target.signal === undefined ? signal : AbortSignal.any([signal, target.signal]);
  }

  /**
   * Resolves when the server has acknowledged the batch.
   * @throws StorageError REJECTED, SHORT_WRITE, or CLOSED when it was closed before.
   */
  insert(batch: EncodedBatch): Promise<void> {
    return this.#tables.run(batch.table, () => this.#insertUntilAcknowledged(batch));
  }

  /** What is under way or waiting gets one more attempt each; then it fails as CLOSED. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#tables.idle();
  }

  async #insertUntilAcknowledged(batch: EncodedBatch): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const error = await this.#inFlight.run(() => this.#attempt(batch));
      if (error === undefined) return;
      if (this.target.signal?.aborted) throw closed(batch, error);
      const failure = failureOf(error);
      if (failure === 'partitions') return this.#insertByDay(batch, error);
      if (failure === 'final' || (failure === 'access' && !this.options.isPatient))
        throw rejected(batch, error);
      await this.#waitAfter(batch, attempt, failure, error);
    }
  }

  /** A repetition after a crash comes here again: the server refuses the whole before it writes a part of it. */
  async #insertByDay(batch: EncodedBatch, error: unknown): Promise<void> {
    const days = splitByDay(batch);
    if (days.length < 2) throw rejected(batch, error);
    this.options.onSplit(batch, days.length);
    for (const day of days) await this.#insertUntilAcknowledged(day);
  }

  /** The error, or nothing when the server acknowledged. */
  async #attempt(batch: EncodedBatch): Promise<unknown> {
    const { metrics } = this.options;
    const started = performance.now();
    try {
      await insertOnce(this.target, batch);
      const sinceReceipt = Math.max(0, Date.now() / 1000 - batch.receivedAt / 1e6);
      metrics.inserted(batch, (performance.now() - started) / 1000, sinceReceipt);
      return undefined;
    } catch (error) {
      metrics.failed(codeOf(error));
      return error;
    }
  }

  async #waitAfter(batch: EncodedBatch, attempt: number, failure: Failure, error: unknown): Promise<void> {
    if (this.#closing.signal.aborted) throw closed(batch, error);
    const delayMs = backoffMs(attempt, failure === 'overload' ? WITH_PATIENCE : undefined);
    this.options.metrics.retried();
    this.options.onRetry({
      ...{ table: batch.table, rows: batch.rows },
      ...{ attempt, delayMs, reason: reasonOf(error) },
    });
    await delay(delayMs, undefined, { signal: this.#noMoreTries }).catch(() => {
      throw closed(batch, error);
    });
  }
}

function codeOf(error: unknown): string {
  if (error instanceof StorageError) return error.code;
  return errorCode(error) ?? 'NETWORK';
}

function rejected(batch: EncodedBatch, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const code = error instanceof ClickHouseError ? `code ${error.code}` : 'no code';
  const what = `ClickHouse refuses ${batch.rows} rows for ${batch.table} (${code})`;
  return new StorageError('REJECTED', `${what}: ${reasonOf(error)}`, { cause: error });
}

function closed(batch: EncodedBatch, error: unknown): StorageError {
  const what = `closed before ClickHouse acknowledged ${batch.rows} rows for ${batch.table}`;
  return new StorageError('CLOSED', `${what} (${reasonOf(error)})`, { cause: error });
}
