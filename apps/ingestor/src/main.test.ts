import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { type Outcome, Scratch } from '@autotrader/runtime/testing';

const TIMEOUT_MS = 30_000;

const shared = new Scratch();
const scratch = new Scratch();
let clickhouse: EmbeddedClickHouse;
beforeAll(async () => {
  clickhouse = await shared.clickhouse();
}, TIMEOUT_MS);
afterAll(() => shared.clean(), TIMEOUT_MS);
afterEach(() => scratch.clean(), TIMEOUT_MS);

const ingestor = (...args: string[]): Promise<Outcome> =>
  scratch.program('apps/ingestor/src/main.ts', args).ended;

async function run(settings: object): Promise<Outcome> {
  return ingestor('--config', await scratch.config({ http: { port: 0 }, ...settings }));
}

/** Expects an end with 1 and this as the one line that is no log line. */
function expectComplaint({ code, err }: Outcome, line: string | RegExp): void {
  const others = err.split('\n').filter((each) => each !== '' && !each.startsWith('{'));
  expect(others).toEqual([typeof line === 'string' ? `error: ${line}` : expect.stringMatching(line)]);
  expect(code).toBe(1);
}

describe('the ingestor', () => {
  it(
    'explains itself',
    async () => {
      const { code, out } = await ingestor('--help');
      expect(out).toMatch(
        /^Usage: ingestor \[options\]\n\nRecords live market data into ClickHouse until Ctrl-C/,
      );
      expect(out).toContain('--config <file>');
      expect(out).toContain('npm run demo');
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line what is wrong with its config',
    async () => {
      const file = await scratch.file('bad.yaml', 'http:\n  prot: 1\n');
      expectComplaint(
        await ingestor('--config', file),
        `${file}: http.prot (line 2): no such setting. See docs/configuration.md for what it may say.`,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that its port is in use',
    async () => {
      const holder = createServer().listen(0, '127.0.0.1');
      scratch.defer(() => holder.close());
      await once(holder, 'listening');
      const { port } = holder.address() as { port: number };
      expectComplaint(
        await run({ http: { port }, clickhouse: { url: clickhouse.url } }),
        `port ${port} on 127.0.0.1 is in use by another program: set http.port in the config file to another one`,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that ClickHouse does not let it in, and what to do',
    async () => {
      expectComplaint(
        await run({ clickhouse: { url: clickhouse.url, username: 'nobody' } }),
        `ClickHouse at ${clickhouse.url} refuses user "nobody": check clickhouse.username and clickhouse.password`,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that its spool is no spool, or is in use',
    async () => {
      const dir = join(await scratch.file('letter.txt', ''), '..');
      const settings = { clickhouse: { url: clickhouse.url }, spool: { dir } };
      expectComplaint(
        await run(settings),
        `the folder ${dir} holds letter.txt and is no spool: set spool.dir to an empty folder`,
      );
      const venue = await startBinanceSimulator({ market: false });
      scratch.defer(() => venue.stop());
      const binance = { symbols: ['BTCUSDT'], wsUrl: venue.wsUrl, restUrl: venue.restUrl };
      const config = {
        http: { port: 0 },
        ...settings,
        spool: { dir: await scratch.folder() },
        venues: { binance },
      };
      const file = await scratch.config(config);
      const program = scratch.program('apps/ingestor/src/main.ts', ['--config', file]);
      await program.line(/BINANCE: live/);
      expectComplaint(
        await ingestor('--config', file),
        /^error: the spool \S+ is in use by process \d+: stop it, or set spool\.dir to another folder$/,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that its data directory cannot be written',
    async () => {
      const dataDir = join(await scratch.file('regular', ''), 'data');
      expectComplaint(
        await run({ clickhouse: { dataDir } }),
        `The data directory ${dataDir} cannot be written (ENOTDIR): choose another one, or let this user write there`,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that its data directory is in use by another ClickHouse',
    async () => {
      expectComplaint(
        await run({ clickhouse: { dataDir: clickhouse.dataDir } }),
        /^error: The data directory \S+ is in use by another ClickHouse .*: stop that one, or choose another directory$/,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that its only symbol is unknown, and which one may be meant',
    async () => {
      const venue = await startBinanceSimulator({ market: false });
      scratch.defer(() => venue.stop());
      const binance = { symbols: ['BTCUSTD'], wsUrl: venue.wsUrl, restUrl: venue.restUrl };
      expectComplaint(
        await run({ clickhouse: { url: clickhouse.url }, venues: { binance } }),
        'Binance has no symbol BTCUSTD: did you mean BTCUSDT?',
      );
    },
    TIMEOUT_MS,
  );
});
