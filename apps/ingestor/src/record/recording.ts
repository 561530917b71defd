import type { Clock, ConnectorSnapshot, MarketDataConnector } from '@autotrader/connector-core';
import type { Origin } from '@autotrader/storage-clickhouse';
import type { Logger } from 'pino';
import { keepSecret, type Secrets } from '@autotrader/runtime';
import type { Config } from '../config/schema.js';
import { Access } from '../http/access.js';
import { healthRoutes, metricsRoute } from '../http/health.js';
import { serveHttp } from '../http/server.js';
import { ingestorRegistry } from '../metrics/registry.js';
import { LivePage } from '../page/page.js';
import type { StatusLine } from '../status-line.js';
import { announce } from './announce.js';
import { createConnectors } from './connectors.js';
import { Rate } from './rate.js';
import { Recorder } from './recorder.js';
import { statusText } from './status.js';
import { Store } from './store.js';

/** What a recording is said on. */
export interface RecordingContext {
  readonly log: Logger;
  readonly statusLine: Pick<StatusLine, 'show' | 'clear'>;
  /** Where times come from; the system's clock by default. */
  readonly clock?: Clock | undefined;
  /** Where secrets are; there are none by default. */
  readonly secrets?: Secrets | undefined;
  /** How the events come to us, which decides how long they are kept; `live` by default. */
  readonly origin?: Origin | undefined;
  /** How far it has come: for what is not live, in place of how far it is behind. */
  readonly progress?: (() => string) | undefined;
}

type Connectors = ReadonlyMap<string, MarketDataConnector>;

const STATUS_EVERY_MS = 1_000;

/** Venues, storage and endpoints of one ingestor, from the start to the last flush. */
export class Recording {
  readonly #closers: (() => Promise<void>)[] = [];
  #recorders: Recorder[] = [];

  private constructor(
    readonly connectors: Connectors,
    /** Where the rows go. */
    readonly store: Store,
    /** Where metrics and health are. */
    readonly httpUrl: string,
    private readonly context: RecordingContext,
  ) {}

  /**
   * Opens the endpoints and the storage; nothing is recorded yet.
   * @throws UserError, StorageError, EmbeddedClickHouseError: each one clear line, and nothing stays open.
   */
  static async open(config: Config, context: RecordingContext): Promise<Recording> {
    const registry = ingestorRegistry();
    let store: Store | undefined;
    const connectors = createConnectors(config, context.secrets ?? (() => undefined), {
      registry,
      clock: context.clock,
      resumeFrom: (source) => store?.positionOf(source),
    });
    const notReady = (): string[] => whatIsMissing(connectors, store);
    const page = new LivePage(connectors, () => store);
    const token = context.secrets?.('INGESTOR_HTTP_TOKEN');
    const access = token === undefined ? undefined : new Access(token);
    if (access === undefined && !isLoopback(config.http.host))
      context.log.warn(
        `${config.http.host} can be reached by others: set INGESTOR_HTTP_TOKEN, so that only those who know it may look`,
      );
    const endpoint = await serveHttp(
      { ...config.http, access },
      new Map([...page.routes, ...metricsRoute(registry), ...healthRoutes(notReady)]),
    );
    context.log.info(
      `live page at ${endpoint.url}, metrics at ${endpoint.url}/metrics, health at ${endpoint.url}/health/ready`,
    );
    try {
      store = await Store.open(withPassword(config, context.secrets), {
        registry,
        log: context.log,
        origin: context.origin ?? 'live',
      });
    } catch (error) {
      await endpoint.close();
      throw error;
    }
    const recording = new Recording(connectors, store, endpoint.url, context);
    recording.#closers.push(
      () => endpoint.close(),
      () => Promise.resolve(page.close()),
      () => recording.store.close(),
    );
    return recording;
  }

  /** Connects and records; resolves when every venue is live. @throws as the connectors and the storage do. */
  async start(): Promise<void> {
    const { log, statusLine, progress } = this.context;
    for (const [venue, connector] of this.connectors) announce(venue, connector, log);
    this.#recorders = this.#all((connector) => new Recorder(connector, this.store));
    const rate = new Rate();
    const show = (): void => {
      const rows = this.#recorders.reduce((sum, recorder) => sum + recorder.rows, 0);
      const storage = { ...this.store.totals, accepted: rows };
      statusLine.show(statusText(this.snapshots(), storage, rate, progress?.()));
    };
    const showing = setInterval(show, STATUS_EVERY_MS);
    this.#closers.push(() => Promise.resolve(clearInterval(showing)));
    await Promise.race([Promise.all(this.#all((connector) => connector.start())), this.failure()]);
  }

  /** Never resolves; rejects when the ClickHouse of our own is gone for good. */
  async failure(): Promise<never> {
    await Promise.race([Promise.all(this.#recorders.map((recorder) => recorder.done)), this.store.failure]);
    return new Promise<never>(() => undefined);
  }

  /** Disconnects from the venues and puts what is buffered into the spool; the storage stays open. */
  async flush(): Promise<void> {
    await Promise.all(this.#all((connector) => connector.stop()));
    await Promise.all(this.#recorders.map((recorder) => recorder.done));
  }

  /** Flushes, and resolves when ClickHouse has everything. @throws as {@link failure}. */
  async drain(): Promise<void> {
    await this.flush();
    await Promise.race([this.store.drained(), this.failure()]);
  }

  /** Flushes, then closes everything, last opened first; what ClickHouse does not take at once stays in the spool. */
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

  #all<Result>(each: (connector: MarketDataConnector) => Result): Result[] {
    return [...this.connectors.values()].map(each);
  }
}

/** A server's password need not stand in the file. */
function withPassword(config: Config, secrets: Secrets = () => undefined): Config {
  const { clickhouse } = config;
  if (clickhouse.password !== undefined) keepSecret(clickhouse.password);
  const password = clickhouse.url === undefined ? undefined : secrets('CLICKHOUSE_PASSWORD');
  return password === undefined ? config : { ...config, clickhouse: { password, ...clickhouse } };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Why the recording is not ready: one line each. */
function whatIsMissing(connectors: Connectors, store: Store | undefined): string[] {
  const storage = store === undefined ? 'ClickHouse is not there yet' : store.problem;
  const venues = [...connectors].map(([venue, connector]) =>
    connector.snapshot().isLive ? undefined : `${venue} is not connected`,
  );
  return [storage, ...venues].filter((line) => line !== undefined);
}
