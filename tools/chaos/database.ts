import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedClickHouse, startClickHouse } from '@autotrader/embedded-clickhouse';

const START_TRIES = 20;
const QUERY_TRIES = 60;
const AGAIN_AFTER_MS = 500;
const QUERY_WITHIN_MS = 30_000;

/** A real ClickHouse that can be killed, and comes back on the same folder and port whenever it has ended. */
export class Database {
  /** How it ended by itself, each time. */
  readonly ownEnds: string[] = [];
  readonly port: number;
  #server: EmbeddedClickHouse;
  #isStopping = false;
  /** It was told to end, and comes back after so long. */
  #awayMs: number | undefined;
  #isBack: () => void = () => undefined;

  private constructor(
    private readonly dataDir: string,
    server: EmbeddedClickHouse,
    private readonly onLine: (line: string) => void,
  ) {
    this.#server = server;
    this.port = server.httpPort;
    void this.#comeBack();
  }

  static async open(dataDir: string, onLine: (line: string) => void): Promise<Database> {
    return new Database(dataDir, await startClickHouse({ dataDir, onLog: onLine }), onLine);
  }

  /** SIGKILL, and a start after so long. */
  async kill(awayMs: number): Promise<void> {
    this.#awayMs = awayMs;
    const back = new Promise<void>((resolve) => (this.#isBack = resolve));
    this.#server.kill();
    await back;
  }

  /** The rows of a SELECT, asked past the link that faults happen to. */
  async query<Row>(sql: string): Promise<Row[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ask<Row>(sql);
      } catch (error) {
        if (attempt === QUERY_TRIES || !(error instanceof TypeError)) throw error;
        await delay(AGAIN_AFTER_MS);
      }
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#server.stop();
  }

  async #comeBack(): Promise<void> {
    for (;;) {
      const { code, signal } = await this.#server.exited;
      if (this.#isStopping) return;
      if (this.#awayMs === undefined) this.ownEnds.push(signal ?? `exit code ${code}`);
      else await delay(this.#awayMs);
      this.#awayMs = undefined;
      this.#server = await this.#start();
      this.#isBack();
    }
  }

  async #start(): Promise<EmbeddedClickHouse> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await startClickHouse({ dataDir: this.dataDir, httpPort: this.port, onLog: this.onLine });
      } catch (error) {
        this.onLine(error instanceof Error ? error.message : String(error));
        if (attempt === START_TRIES) throw error;
        await delay(AGAIN_AFTER_MS);
      }
    }
  }

  async #ask<Row>(sql: string): Promise<Row[]> {
    const settings = 'output_format_json_quote_64bit_integers=0&output_format_json_quote_64bit_floats=0';
    const answer = await fetch(`http://127.0.0.1:${this.port}/?${settings}`, {
      method: 'POST',
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(QUERY_WITHIN_MS),
      body: `${sql} FORMAT JSONCompactEachRow`,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  }
}
