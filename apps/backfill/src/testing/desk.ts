import { afterEach, beforeAll, afterAll } from '@jest/globals';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { query, Scratch } from '@autotrader/runtime/testing';
import type { CommandContext } from '../commands.js';
import type { Settings } from '../options/settings.js';

const START_MS = 60_000;

/** A ClickHouse for the tests of a file, and what commands are given there. */
export interface Desk {
  readonly scratch: Scratch;
  readonly url: string;
  /** What commands have printed since the test began. */
  readonly printed: string[];
  /** Lines that were said beside it. */
  readonly said: string[];
  context(settings: Settings, more?: Partial<CommandContext>): CommandContext;
  query<Row>(sql: string): Promise<Row[]>;
  /** The database as it was at the beginning: without a row. */
  empty(): Promise<void>;
}

/** Starts a ClickHouse before the tests of the file. */
export function desk(): Desk {
  const whole = new Scratch();
  const scratch = new Scratch();
  const printed: string[] = [];
  const said: string[] = [];
  let server: EmbeddedClickHouse | undefined;
  const url = (): string => {
    if (server === undefined) throw new Error('the server is not running');
    return server.url;
  };
  beforeAll(async () => {
    server = await whole.clickhouse();
  }, START_MS);
  afterAll(() => whole.clean(), START_MS);
  afterEach(async () => {
    printed.length = 0;
    said.length = 0;
    await scratch.clean();
  });
  return {
    ...{ scratch, printed, said },
    get url() {
      return url();
    },
    context: (settings, more = {}) => ({
      settings: { clickhouse: url(), cache: false, requestsPerSecond: 1_000, ...settings },
      secrets: () => undefined,
      signal: new AbortController().signal,
      print: (text) => printed.push(text),
      progress: { update: () => undefined, say: (line) => said.push(line), stop: () => undefined },
      ...more,
    }),
    query: (sql) => query(url(), sql),
    empty: async () => {
      await fetch(url(), { method: 'POST', body: 'DROP DATABASE IF EXISTS market_data SYNC' });
    },
  };
}
