import {
  type EmbeddedClickHouse,
  EmbeddedClickHouseError,
  type EngineExit,
  startClickHouse,
} from '@autotrader/embedded-clickhouse';
import type { Log } from './log.js';

/** So often in so long it may end by itself: more would be a loop. */
const MOST_RESTARTS = 3;
const RESTARTS_WITHIN_MS = 60_000;

/** A ClickHouse of our own that is started again, on the same port, when it ends by itself. */
export class OwnServer {
  /** Never resolves; rejects when it has ended and is not started again. */
  readonly failure: Promise<never>;
  readonly #watching: Promise<void>;
  #restarts: number[] = [];
  #isStopping = false;

  private constructor(
    private server: EmbeddedClickHouse,
    private readonly log: Log,
  ) {
    this.#watching = this.#watch();
    this.failure = this.#watching.then(() => new Promise<never>(() => undefined));
    // Whoever waits for `failure` hears of it; until then it must not count as unhandled.
    this.failure.catch(() => undefined);
  }

  /** On this port, or on a free one when it is taken. @throws EmbeddedClickHouseError when it cannot be started. */
  static async start(dataDir: string, httpPort: number, log: Log): Promise<OwnServer> {
    const server = await startClickHouse({ dataDir, httpPort }).catch((error: unknown) => {
      if (!(error instanceof EmbeddedClickHouseError) || error.code !== 'PORT_IN_USE') throw error;
      return startClickHouse({ dataDir });
    });
    return new OwnServer(server, log);
  }

  get url(): string {
    return this.server.url;
  }

  /** Of the process it runs in now. */
  get pid(): number {
    return this.server.pid;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.server.stop();
    await this.#watching.catch(() => undefined);
  }

  async #watch(): Promise<void> {
    for (;;) {
      const exit = await this.server.exited;
      if (this.#isStopping) return;
      this.#countRestart(exit);
      const { dataDir, httpPort } = this.server;
      this.server = await startClickHouse({ dataDir, httpPort });
      if (this.#isStopping) await this.server.stop();
    }
  }

  /** @throws EmbeddedClickHouseError when it has been started again too often. */
  #countRestart({ code, signal }: EngineExit): void {
    const now = performance.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < RESTARTS_WITHIN_MS), now];
    const what = `ClickHouse ended by itself (${signal ?? `exit code ${code}`})`;
    if (this.#restarts.length <= MOST_RESTARTS)
      return this.log.error(`${what}: starting it again, rows wait until then`);
    const remedy = `look at the memory of this machine and at the data directory ${this.server.dataDir}`;
    throw new EmbeddedClickHouseError(
      'START_FAILED',
      `${what} ${MOST_RESTARTS + 1} times in a minute: ${remedy}`,
    );
  }
}
