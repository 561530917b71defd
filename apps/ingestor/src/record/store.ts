import type { Batch, Source, StreamPosition } from '@autotrader/connector-core';
import {
  type Notice,
  openStorage,
  type Origin,
  type SpoolState,
  type Storage,
  type Stored,
} from '@autotrader/storage-clickhouse';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type Database, openDatabase, userPath } from '@autotrader/runtime';
import type { Config } from '../config/schema.js';
import { StorageHealth } from './storage-health.js';

/** Where a store says and counts what it does. */
export interface StoreContext {
  readonly registry: Registry;
  readonly log: Logger;
  readonly origin: Origin;
}

/** What a store has done since it was opened. */
export interface StoreTotals {
  /** Rows ClickHouse has acknowledged; with those that an earlier run had left. */
  readonly stored: number;
  /** How long the rows stored last had waited, or, when nothing is stored, how long the oldest waits; milliseconds. */
  readonly lagMs: number;
  /** Bytes that wait in the spool. */
  readonly spoolBytes: number;
  /** At so many bytes of its files recording waits. */
  readonly spoolLimitBytes: number;
}

/** The ClickHouse of a recording, with its tables, and the spool before it. */
export class Store {
  #stored = 0;
  #lagMs = 0;
  #storage: Storage | undefined;
  readonly #health: StorageHealth;

  private constructor(
    private readonly database: Database,
    private readonly context: StoreContext,
    /** Never resolves; rejects when the ClickHouse is gone for good; what is in the spool stays there. */
    readonly failure: Promise<never>,
  ) {
    this.#health = new StorageHealth(context.log);
  }

  /**
   * Connects, or starts a ClickHouse, and brings its tables up to date. A server that is away is waited for, and
   * the spool keeps what is written.
   * @throws StorageError, EmbeddedClickHouseError: one clear line, and nothing stays open.
   */
  static async open(config: Pick<Config, 'clickhouse' | 'spool'>, context: StoreContext): Promise<Store> {
    const database = await openDatabase(config.clickhouse, context.log);
    const giveUp = new AbortController();
    const failure = database.failure.catch((error: unknown) => {
      context.log.fatal(error instanceof Error ? error.message : String(error));
      giveUp.abort();
      throw error;
    });
    failure.catch(() => undefined); // whoever waits for it hears of it
    const store = new Store(database, context, failure);
    try {
      await store.#open(config, giveUp.signal);
      return store;
    } catch (error) {
      await database.stop();
      throw error;
    }
  }

  /** Of ClickHouse's HTTP interface. */
  get url(): string {
    return this.database.url;
  }

  /** Why rows are not being stored just now; `undefined` while they are. */
  get problem(): string | undefined {
    return this.#health.problem;
  }

  get totals(): StoreTotals {
    const { bytes: spoolBytes, limitBytes: spoolLimitBytes, oldestAcceptedAt } = this.#spool;
    const isAway = this.problem !== undefined && oldestAcceptedAt !== undefined;
    const waitsMs = isAway ? Date.now() - oldestAcceptedAt : 0;
    return { stored: this.#stored, lagMs: Math.max(this.#lagMs, waitsMs), spoolBytes, spoolLimitBytes };
  }

  /** Resolves when the spool has the batch. */
  write(batch: Batch): Promise<void> {
    return this.#opened.write(batch);
  }

  /** As {@link Storage.drained}. */
  drained(): Promise<void> {
    return this.#opened.drained();
  }

  /** As {@link Storage.positionOf}. */
  positionOf(source: Source): StreamPosition | undefined {
    return this.#opened.positionOf(source);
  }

  /** As {@link Storage.query}. */
  query<Row>(sql: string): Promise<Row[]> {
    return this.#opened.query<Row>(sql);
  }

  /** Stores what ClickHouse takes at once, and says what stays in the spool. */
  async close(): Promise<void> {
    await this.#opened.close();
    const { batches } = this.#spool;
    if (batches > 0)
      this.context.log.warn(`${batches} batches stay in the spool: they are stored at the next start`);
    await this.database.stop();
  }

  async #open(
    { clickhouse, spool }: Pick<Config, 'clickhouse' | 'spool'>,
    signal: AbortSignal,
  ): Promise<void> {
    const { registry, origin } = this.context;
    this.#storage = await openStorage({
      ...{ ...clickhouse, url: this.database.url, registry, origin, signal },
      spool: { ...spool, dir: userPath(spool.dir) },
      onRetry: (retry) => this.#health.retried(retry),
      onStored: (stored) => this.#noteStored(stored),
      onNotice: (notice) => this.#say(notice),
    });
  }

  #noteStored({ rows, receivedAt }: Stored): void {
    this.#stored += rows;
    this.#lagMs = Date.now() - receivedAt / 1000;
    this.#health.stored();
  }

  #say({ kind, level, message }: Notice): void {
    if (kind === 'SERVER_AWAY') this.#health.away(message);
    if (kind === 'SERVER_BACK') this.#health.back();
    this.context.log[level](message);
  }

  get #opened(): Storage {
    if (this.#storage === undefined) throw new Error('the store is not open');
    return this.#storage;
  }

  get #spool(): SpoolState {
    const { spool } = this.#opened;
    if (spool === undefined) throw new Error('a store has a spool');
    return spool;
  }
}
