import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type BinanceSimulator, startBinanceSimulator } from '@autotrader/connector-binance/testing';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { freePort } from './testing/free-port.js';
import type { Program } from './testing/program.js';
import { query } from './testing/query.js';
import { Scratch } from './testing/scratch.js';
import { until } from './testing/until.js';

const TIMEOUT_MS = 60_000;

const scratch = new Scratch();
afterEach(() => scratch.clean(), TIMEOUT_MS);

interface Scene {
  readonly venue: BinanceSimulator;
  readonly clickhouse: EmbeddedClickHouse;
  readonly program: Program;
}

/** An ingestor that is live, on this ClickHouse. */
async function ingestor(venue: BinanceSimulator, clickhouse: object): Promise<Program> {
  const { wsUrl, restUrl } = venue;
  const config = await scratch.config({
    http: { port: 0 },
    clickhouse,
    venues: { binance: { symbols: ['BTCUSDT'], streams: ['trade', 'depth20'], wsUrl, restUrl } },
    buffer: { flushIntervalMs: 100 },
  });
  const program = scratch.program('main.ts', ['--config', config]);
  await program.line(/BINANCE: live, 2 streams/);
  return program;
}

async function simulator(): Promise<BinanceSimulator> {
  const venue = await startBinanceSimulator({ market: { paused: true } });
  scratch.defer(() => venue.stop());
  return venue;
}

/** An ingestor that has stored what a minute of market brought. */
async function recording(): Promise<Scene> {
  const venue = await simulator();
  const clickhouse = await scratch.clickhouse();
  const program = await ingestor(venue, { url: clickhouse.url });
  venue.market.advance(60_000);
  await storedAll(venue, clickhouse.url);
  return { venue, clickhouse, program };
}

async function storedAll(venue: BinanceSimulator, url: string): Promise<void> {
  const sent = venue.sent.of('btcusdt@trade').events;
  await until('every trade is stored', async () => {
    const trades = await tradesIn(url).catch(() => undefined); // it may be starting
    return trades !== undefined && trades.rows >= sent;
  });
}

async function tradesIn(url: string): Promise<{ rows: number; ids: number; last: number }> {
  const [row] = await query<{ rows: number; ids: number; last: number }>(
    url,
    `SELECT count() AS rows, uniqExact(sequence_id) AS ids, max(sequence_id) AS last FROM market_data.tick WHERE stream = 'trade'`,
  );
  if (row === undefined) throw new Error('no answer');
  return row;
}

async function kill(clickhouse: EmbeddedClickHouse): Promise<void> {
  clickhouse.kill();
  await clickhouse.exited;
}

describe('when ClickHouse goes away', () => {
  it(
    'the ingestor says so, waits for it, and loses nothing',
    async () => {
      const { venue, clickhouse, program } = await recording();
      await kill(clickhouse);
      venue.market.advance(60_000);
      expect(await program.line(/are not stored yet/)).toMatch(
        /ClickHouse: [\d,]+ rows of \w+_raw are not stored yet \(.*\); next try in \d\.\d s/,
      );
      const url = /http:\/\/[^/]+/.exec(await program.line(/metrics at/))?.[0] ?? '';
      const unready = await fetch(`${url}/health/ready`);
      expect([unready.status, await unready.text()]).toEqual([
        503,
        expect.stringContaining('ClickHouse does not take rows'),
      ]);

      const again = await scratch.clickhouse(clickhouse.dataDir, clickhouse.httpPort);
      await program.line(/ClickHouse: takes rows again after \d+\.\d s; what had waited is stored/);
      await storedAll(venue, again.url);
      program.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
      const { events, lastId } = venue.sent.of('btcusdt@trade');
      expect(await tradesIn(again.url)).toEqual({ rows: events, ids: events, last: lastId });
    },
    TIMEOUT_MS,
  );

  it(
    'a first Ctrl-C waits for it, and a second one ends at once',
    async () => {
      const { venue, clickhouse, program } = await recording();
      await kill(clickhouse);
      venue.market.advance(1_000);
      await program.line(/are not stored yet/);
      program.kill('SIGINT');
      await program.line(/stopping: .* a second Ctrl-C ends without it/);
      // One that follows at once is taken for the same Ctrl-C, so it is pressed until it is heard.
      const pressing = setInterval(() => program.kill('SIGINT'), 50);
      const { code, err } = await program.ended;
      clearInterval(pressing);
      expect(code).toBe(130);
      expect(err).not.toContain('error:');
    },
    TIMEOUT_MS,
  );

  it(
    'for good, with a table that is gone, the ingestor ends with 1 and one line',
    async () => {
      const { venue, clickhouse, program } = await recording();
      await fetch(clickhouse.url, {
        method: 'POST',
        body: 'DROP TABLE market_data.tick_raw',
        headers: { connection: 'close' },
      });
      venue.market.advance(1_000);
      const { code, err } = await program.ended;
      const complaints = err.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
      expect(complaints).toEqual([
        expect.stringMatching(/^error: ClickHouse refuses \d+ rows for tick_raw \(code 60\)/),
      ]);
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'and it is our own, it is started again and nothing is lost; if it keeps ending, so does the ingestor, with 1',
    async () => {
      const venue = await simulator();
      const dataDir = await scratch.folder();
      const program = await ingestor(venue, { dataDir, httpPort: await freePort() });
      const url = /http:\S+(?=\/play)/.exec(await program.line(/\/play/))?.[0] ?? '';
      venue.market.advance(60_000);
      await storedAll(venue, url);
      let pid = await engineOf(dataDir);
      killEngine(pid);
      venue.market.advance(60_000);
      await program.line(/ClickHouse ended by itself \(SIGKILL\): starting it again/);
      await until('it is started again', async () => (await engineOf(dataDir)) !== pid);
      await storedAll(venue, url);
      const { events, lastId } = venue.sent.of('btcusdt@trade');
      expect(await tradesIn(url)).toEqual({ rows: events, ids: events, last: lastId });

      let hasEnded = false;
      void program.ended.then(() => (hasEnded = true));
      await until('the ingestor gives up', async () => {
        const next = await engineOf(dataDir);
        if (next !== undefined && next !== pid) killEngine((pid = next));
        return hasEnded;
      });
      const { code, err } = await program.ended;
      expect(err).toMatch(/"level":60,.*"msg":"ClickHouse ended /);
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );
});

/** Process of the ClickHouse on this folder, as it notes there itself. */
async function engineOf(dataDir: string): Promise<number | undefined> {
  const status = await readFile(join(dataDir, 'status'), 'utf8').catch(() => '');
  const pid = /^PID: (\d+)$/m.exec(status)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

function killEngine(pid: number | undefined): void {
  if (pid === undefined) throw new Error('there is no engine');
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
