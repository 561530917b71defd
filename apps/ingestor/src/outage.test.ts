import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type BinanceSimulator, startBinanceSimulator } from '@autotrader/connector-binance/testing';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { freePort, type Program, query, Scratch, until } from '@autotrader/runtime/testing';

const TIMEOUT_MS = 60_000;

const scratch = new Scratch();
afterEach(() => scratch.clean(), TIMEOUT_MS);

interface Scene {
  readonly venue: BinanceSimulator;
  readonly clickhouse: EmbeddedClickHouse;
  readonly program: Program;
  /** Path of its config. */
  readonly config: string;
}

/** An ingestor that is live, on this ClickHouse. */
async function ingestor(
  venue: BinanceSimulator,
  clickhouse: object,
  maxBytes = 1e9,
): Promise<Pick<Scene, 'program' | 'config'>> {
  const { wsUrl, restUrl } = venue;
  const config = await scratch.config({
    http: { port: 0 },
    clickhouse,
    venues: { binance: { symbols: ['BTCUSDT'], streams: ['trade', 'depth20'], wsUrl, restUrl } },
    buffer: { flushIntervalMs: 100 },
    spool: { dir: await scratch.folder(), maxBytes },
  });
  const program = scratch.program('apps/ingestor/src/main.ts', ['--config', config]);
  await program.line(/BINANCE: live, 2 streams/);
  return { program, config };
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
  const { program, config } = await ingestor(venue, { url: clickhouse.url });
  venue.market.advance(60_000);
  await storedAll(venue, clickhouse.url);
  return { venue, clickhouse, program, config };
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
      const url = /http:\/\/[^,/]+/.exec(await program.line(/metrics at/))?.[0] ?? '';
      const unready = await fetch(`${url}/health/ready`);
      expect([unready.status, await unready.text()]).toEqual([
        503,
        expect.stringContaining('ClickHouse does not take rows'),
      ]);

      const again = await scratch.clickhouse(clickhouse.dataDir, clickhouse.httpPort);
      await program.line(/ClickHouse: takes rows again after \d+\.\d s; what waits is stored in its order/);
      await storedAll(venue, again.url);
      program.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
      const { events, lastId } = venue.sent.of('btcusdt@trade');
      expect(await tradesIn(again.url)).toEqual({ rows: events, ids: events, last: lastId });
    },
    TIMEOUT_MS,
  );

  it(
    'Ctrl-C does not wait for it: what is recorded stays in the spool and is stored at the next start',
    async () => {
      const { venue, clickhouse, program, config } = await recording();
      await kill(clickhouse);
      venue.market.advance(60_000);
      await program.line(/are not stored yet/);
      await venue.flushed();
      program.kill('SIGINT');
      await program.line(/\d+ batches stay in the spool: they are stored at the next start/);
      expect((await program.ended).code).toBe(0);
      const { events, lastId } = venue.sent.of('btcusdt@trade');

      const again = await scratch.clickhouse(clickhouse.dataDir, clickhouse.httpPort);
      const next = scratch.program('apps/ingestor/src/main.ts', ['--config', config]);
      await next.line(/holds \d+ batch.* of an earlier run, to be stored first/);
      await storedAll(venue, again.url);
      next.kill('SIGINT');
      expect((await next.ended).code).toBe(0);
      expect(await tradesIn(again.url)).toEqual({ rows: events, ids: events, last: lastId });
    },
    TIMEOUT_MS,
  );

  it(
    'before the start, recording begins all the same, and the tables are made and filled once it is there',
    async () => {
      const venue = await simulator();
      const [dataDir, httpPort] = [await scratch.folder(), await freePort()];
      const { program } = await ingestor(venue, { url: `http://127.0.0.1:${httpPort}` });
      expect(await program.line(/cannot be reached/)).toContain(
        'the spool keeps what is recorded until then',
      );
      const url = /http:\/\/[^,/]+/.exec(await program.line(/metrics at/))?.[0] ?? '';
      const unready = await fetch(`${url}/health/ready`);
      expect([unready.status, await unready.text()]).toEqual([
        503,
        expect.stringContaining('cannot be reached'),
      ]);
      venue.market.advance(60_000);

      const { url: database } = await scratch.clickhouse(dataDir, httpPort);
      await program.line(/ClickHouse: applied 001_tick/);
      await storedAll(venue, database);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      program.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'for good, with a table that is gone, its rows are kept as dead letters and all others are stored',
    async () => {
      const { venue, clickhouse, program } = await recording();
      await fetch(clickhouse.url, {
        method: 'POST',
        body: 'DROP TABLE market_data.depth_raw',
        headers: { connection: 'close' },
      });
      venue.market.advance(60_000);
      await program.line(/rows for depth_raw are not stored \(ClickHouse refuses .* kept in \S+\.dead/);
      await storedAll(venue, clickhouse.url);
      program.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'a second Ctrl-C ends at once, when the spool is full and nothing can be kept',
    async () => {
      const venue = await simulator();
      const url = `http://127.0.0.1:${await freePort()}`;
      const { program } = await ingestor(venue, { url }, 1_000_000);
      while (!program.err.includes('is at its limit')) {
        venue.market.advance(60_000);
        await new Promise(setImmediate);
      }
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
    'and it is our own, it is started again and nothing is lost; if it keeps ending, so does the ingestor, with 1',
    async () => {
      const venue = await simulator();
      const dataDir = await scratch.folder();
      const { program } = await ingestor(venue, { dataDir, httpPort: await freePort() });
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
