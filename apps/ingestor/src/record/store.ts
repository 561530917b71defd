import type { Batch } from '@autotrader/connector-core';
import { migrate, openStorage, type Storage } from '@autotrader/storage-clickhouse';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.js';
import { type Database, openDatabase } from './database.js';
import { StorageHealth } from './storage-health.js';

/** The ClickHouse of a recording, with its tables. */
export class Store {
  private constructor(
    private readonly database: Database,
    private readonly storage: Storage,
    private readonly health: StorageHealth,
    /** Never resolves; rejects when the ClickHouse is gone for good: what is being written then fails. */
    readonly failure: Promise<never>,
  ) {}

  /**
   * Connects, or starts a ClickHouse, and brings its tables up to date.
   * @throws StorageError, EmbeddedClickHouseError: one clear line, and nothing stays open.
   */
  static async open(config: Config['clickhouse'], registry: Registry, log: Logger): Promise<Store> {
    const database = await openDatabase(config, log);
    const giveUp = new AbortController();
    const failure = database.failure.catch((error: unknown) => {
      log.fatal(error instanceof Error ? error.message : String(error));
      giveUp.abort();
      throw error;
    });
    failure.catch(() => undefined); // whoever waits for it hears of it
    try {
      const { url } = database;
      const connection = { ...config, url };
      const steps = await migrate(connection);
      if (steps.length > 0) log.info(`ClickHouse: applied ${steps.map(({ name }) => name).join(', ')}`);
      const health = new StorageHealth(log);
      const onRetry = health.retried.bind(health);
      const storage = await openStorage({ ...connection, registry, onRetry, signal: giveUp.signal });
      return new Store(database, storage, health, failure);
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
    return this.health.problem;
  }

  /** As {@link Storage.write}. */
  async write(batch: Batch): Promise<void> {
    await this.storage.write(batch);
    this.health.stored();
  }

  /** As {@link Storage.query}. */
  query<Row>(sql: string): Promise<Row[]> {
    return this.storage.query<Row>(sql);
  }

  async close(): Promise<void> {
    await this.storage.close();
    await this.database.stop();
  }
}
