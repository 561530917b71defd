import type { Clock, ConnectorSnapshot, MarketDataConnector } from '@autotrader/connector-core';
import { migrate, openStorage, type Retry, type Storage } from '@autotrader/storage-clickhouse';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from '../config/schema.js';
import { serveHttp } from '../http/server.js';
import type { StatusLine } from '../status-line.js';
import { announce } from './announce.js';
import { createConnectors } from './connectors.js';
import { openDatabase } from './database.js';
import { Rate } from './rate.js';
import { Recorder } from './recorder.js';
import { statusText } from './status.js';

/** What a recording is said on. */
export interface RecordingContext {
  readonly log: Logger;
  readonly statusLine: StatusLine;
  /** Where times come from; the system's clock by default. */
  readonly clock?: Clock | undefined;
}

const STATUS_EVERY_MS = 1_000;

/** Venues, storage and endpoints of one ingestor, from the start to the last flush. */
export class Recording {
  readonly #closers: (() => Promise<void>)[] = [];
  #recorders: Recorder[] = [];

  private constructor(
    readonly connectors: ReadonlyMap<string, MarketDataConnector<never>>,
    private readonly context: RecordingContext,
  ) {}

  /**
   * Opens the endpoints and the storage; nothing is recorded yet.
   * @throws UserError, StorageError, EmbeddedClickHouseError: each one clear line, and nothing stays open.
   */
  static async open(config: Config, context: RecordingContext): Promise<Recording> {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
    const recording = new Recording(createConnectors(config, registry, context.clock), context);
    try {
      await recording.#open(config, registry);
      return recording;
    } catch (error) {
      await recording.close();
      throw error;
    }
  }

  /** The storage the rows go to. */
  storage: Pick<Storage, 'query' | 'write'> = notOpen;
  /** Where the ClickHouse is, and where metrics and health are. */
  readonly urls = { clickhouse: '', http: '' };

  /** Connects and records; resolves when every venue is live. @throws as the connectors and the storage do. */
  async start(): Promise<void> {
    const { log, statusLine } = this.context;
    for (const [venue, connector] of this.connectors) announce(venue, connector, log);
    this.#recorders = this.#all((connector) => new Recorder(connector, this.storage));
    const rate = new Rate();
    const show = (): void => statusLine.show(statusText(this.snapshots(), this.#recorders, rate));
    const showing = setInterval(show, STATUS_EVERY_MS);
    this.#closers.push(() => Promise.resolve(clearInterval(showing)));
    await Promise.race([Promise.all(this.#all((connector) => connector.start())), this.failure()]);
  }

  /** Never resolves; rejects when a batch is refused for good. */
  async failure(): Promise<never> {
    await Promise.all(this.#recorders.map((recorder) => recorder.done));
    return new Promise<never>(() => undefined);
  }

  /** Disconnects from the venues and writes what is buffered; the storage stays open for questions. */
  async flush(): Promise<void> {
    await Promise.all(this.#all((connector) => connector.stop()));
    await Promise.all(this.#recorders.map((recorder) => recorder.done));
  }

  /** Flushes, then closes everything: last opened, first closed. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.context.statusLine.clear();
      for (const close of this.#closers.splice(0).reverse()) await close();
    }
  }

  /** How the connectors stand. */
  snapshots(): ConnectorSnapshot[] {
    return this.#all((connector) => connector.snapshot());
  }

  async #open(config: Config, registry: Registry): Promise<void> {
    const { log } = this.context;
    const endpoint = await serveHttp(config.http.host, config.http.port, {
      registry,
      notReady: () => this.#notReady(),
    });
    this.#closers.push(() => endpoint.close());
    this.urls.http = endpoint.url;
    log.info(`metrics at ${endpoint.url}/metrics, health at ${endpoint.url}/health/ready`);
    const { database: name, username, password } = config.clickhouse;
    const database = await openDatabase(config.clickhouse, log);
    this.#closers.push(() => database.stop());
    this.urls.clickhouse = database.url;
    const connection = { url: database.url, database: name, username, password };
    for (const step of await migrate(connection)) log.info(`ClickHouse: applied migration ${step.name}`);
    const storage = await openStorage({
      ...connection,
      registry,
      onRetry: (retry) => log.warn(retryLine(retry)),
    });
    this.#closers.push(() => storage.close());
    this.storage = storage;
  }

  #notReady(): string[] {
    return this.snapshots().flatMap(({ venue, isLive }) => (isLive ? [] : [`${venue} is not connected`]));
  }

  #all<Result>(each: (connector: MarketDataConnector<never>) => Result): Result[] {
    return [...this.connectors.values()].map(each);
  }
}

function retryLine({ table, rows, reason, delayMs }: Retry): string {
  return `ClickHouse: ${rows} rows of ${table} are not stored yet (${reason}); next try in ${(delayMs / 1000).toFixed(1)} s`;
}

const notOpen = {
  query: () => Promise.reject(new Error('the storage is not open')),
  write: () => Promise.reject(new Error('the storage is not open')),
};
