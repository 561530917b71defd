import { setTimeout as delay } from 'node:timers/promises';
import { ClickHouseError } from '@clickhouse/client';
import type { EncodedBatch, TableName } from '../encode/encode-batch.js';
import { reasonOf, StorageError } from '../errors.js';
import type { StorageMetrics } from '../metrics.js';
import { errorCode } from '../server/refusal.js';
import { backoffMs } from './backoff.js';
import { InOrder } from './in-order.js';
import { insertOnce, type InsertTarget } from './insert-once.js';
import { Semaphore } from './semaphore.js';
import { isTransient } from './transient.js';

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

const MOST_IN_FLIGHT = 2;

/**
 * Inserts encoded batches: those of one table in order, at most two at a time, each again and again with the
 * same bytes and token until the server acknowledges it.
 */
export class Inserter {
  readonly #closing = new AbortController();
  readonly #inFlight = new Semaphore(MOST_IN_FLIGHT);
  readonly #tables = new InOrder();

  constructor(
    private readonly target: InsertTarget,
    private readonly metrics: StorageMetrics,
    private readonly onRetry: (retry: Retry) => void,
  ) {}

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
      if (!isTransient(error)) throw rejected(batch, error);
      await this.#waitAfter(batch, attempt, error);
    }
  }

  /** The error, or nothing when the server acknowledged. */
  async #attempt(batch: EncodedBatch): Promise<unknown> {
    const started = performance.now();
    try {
      await insertOnce(this.target, batch);
      this.metrics.inserted(batch.table, batch.rows, (performance.now() - started) / 1000);
      return undefined;
    } catch (error) {
      this.metrics.failed(codeOf(error));
      return error;
    }
  }

  async #waitAfter(batch: EncodedBatch, attempt: number, error: unknown): Promise<void> {
    if (this.#closing.signal.aborted) throw closed(batch, error);
    const delayMs = backoffMs(attempt);
    this.metrics.retried();
    this.onRetry({ table: batch.table, rows: batch.rows, attempt, delayMs, reason: reasonOf(error) });
    const signals = [this.#closing.signal, ...(this.target.signal ? [this.target.signal] : [])];
    await delay(delayMs, undefined, { signal: AbortSignal.any(signals) }).catch(() => {
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
