import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BinanceSimulator, startBinanceSimulator } from '@autotrader/connector-binance/testing';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { freePort, type Program, query, Scratch, until } from '@autotrader/runtime/testing';

const TIMEOUT_MS = 30_000;
const STREAMS = ['trade', 'aggTrade', 'bookTicker', 'depth20', 'depth', 'kline_5m'];

const shared = new Scratch();
const scratch = new Scratch();
let clickhouse: EmbeddedClickHouse;
beforeAll(async () => {
  clickhouse = await shared.clickhouse();
}, TIMEOUT_MS);
afterAll(() => shared.clean(), TIMEOUT_MS);
afterEach(() => scratch.clean(), TIMEOUT_MS);

async function simulator(port = 0): Promise<BinanceSimulator> {
  const venue = await startBinanceSimulator({ port, market: { paused: true } });
  scratch.defer(() => venue.stop());
  return venue;
}

/** Into a database of its own, so that counts are of this run. */
async function ingestor(database: string, binance: object, buffer: object = {}): Promise<Program> {
  const { url } = clickhouse;
  const config = { http: { port: 0 }, clickhouse: { url, database }, venues: { binance }, buffer };
  return scratch.program('apps/ingestor/src/main.ts', ['--config', await scratch.config(config)]);
}

async function httpUrl(program: Program): Promise<string> {
  const line = await program.line(/metrics at/);
  return /http:\/\/[^,/]+/.exec(line)?.[0] ?? '';
}

/** Rows by symbol and stream, as the simulator counts what it sent. */
async function stored(database: string): Promise<Record<string, number>> {
  const rows = await query<{ name: string; rows: number }>(
    clickhouse.url,
    ['tick', 'depth', `bars WHERE source = 'venue'`]
      .map(
        (events) =>
          `SELECT concat(lower(venue_symbol), '@', stream) AS name, count() AS rows FROM ${database}.${events} GROUP BY name`,
      )
      .join(' UNION ALL '),
  );
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}

function sentBy(venue: BinanceSimulator): Record<string, number> {
  return Object.fromEntries(
    venue.sent.all().map(({ stream, events }) => [stream.replace('@100ms', ''), events]),
  );
}

describe('the ingestor, recording', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stores everything that was sent and leaves with 0 on %s',
    async (signal) => {
      const venue = await simulator();
      const { wsUrl, restUrl } = venue;
      const database = `on_${signal.toLowerCase()}`;
      const binance = { symbols: ['BTCUSDT', 'ETH/USDT'], streams: STREAMS, wsUrl, restUrl };
      // Nothing is written before the signal.
      const program = await ingestor(database, binance, { flushIntervalMs: 60_000 });
      await program.line(/BINANCE: live, 12 streams/);
      venue.market.advance(20_000);
      const frames = venue.sent.all().reduce((sum, stream) => sum + stream.frames, 0);
      await metricsWith(await httpUrl(program), `connector_buffered_rows{venue="BINANCE"} ${frames}`);
      expect(await stored(database)).toEqual({});
      program.kill(signal);
      const { code, out, err } = await program.ended;
      expect(err).toContain('stopping: what is buffered is stored first');
      expect([code, out]).toEqual([0, '']);
      const sent = sentBy(venue);
      expect(Object.keys(sent)).toHaveLength(12);
      expect(await stored(database)).toEqual(sent);
    },
    TIMEOUT_MS,
  );

  it(
    'is ready once its venue is there, and counts under the names that dashboards use',
    async () => {
      const venue = await simulator();
      const { wsUrl, restUrl } = venue;
      venue.faults.neverAck(true);
      const program = await ingestor('ready', { symbols: ['BTCUSDT'], streams: ['trade'], wsUrl, restUrl });
      const url = await httpUrl(program);
      await until('the venue was asked', () => venue.connections.received.length > 0);
      const early = await fetch(`${url}/health/ready`);
      expect([early.status, await early.text()]).toEqual([503, 'BINANCE is not connected\n']);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      venue.faults.neverAck(false);
      venue.faults.cut();
      await program.line(/BINANCE: live/);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      venue.market.step(200);
      const { events } = venue.sent.of('btcusdt@trade');
      expect(events).toBeGreaterThan(0);
      const text = await metricsWith(
        url,
        `ingestion_ticks_total{venue="BINANCE",stream="trade",asset_class="CRYPTO"} ${events}`,
      );
      for (const name of [
        'ingestion_latency_seconds_bucket',
        'connector_errors_total',
        'websocket_reconnects_total',
      ])
        expect(text).toContain(`${name}{`);
      expect(text).toContain('websocket_reconnects_total{venue="BINANCE"} 1');
    },
    TIMEOUT_MS,
  );

  it(
    'records the good symbols and says in a line which one is unknown',
    async () => {
      const { wsUrl, restUrl } = await simulator();
      const program = await ingestor('symbols', {
        symbols: ['BTCUSDT', 'ETHUSTD'],
        streams: ['trade'],
        wsUrl,
        restUrl,
      });
      expect(await program.line(/ETHUSTD/)).toContain(
        'BINANCE: Binance has no symbol ETHUSTD: did you mean ETHUSDT?',
      );
      await program.line(/BINANCE: live, 1 streams/);
      program.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'says why Binance cannot be reached and that there is the demo, and starts when it can be',
    async () => {
      const port = await freePort();
      const addresses = { wsUrl: `ws://127.0.0.1:${port}`, restUrl: `http://127.0.0.1:${port}` };
      const program = await ingestor('late', { symbols: ['BTCUSDT'], streams: ['trade'], ...addresses });
      const line = await program.line(/cannot be reached/);
      expect(line).toContain(
        `BINANCE: Binance cannot be reached at ${addresses.restUrl} (ECONNREFUSED); next try in`,
      );
      expect(line).toContain('`npm run demo` shows everything');
      await simulator(port);
      await program.line(/BINANCE: live, 1 streams/);
      program.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'leaves with 0 on Ctrl-C while Binance cannot be reached',
    async () => {
      const port = await freePort();
      const addresses = { wsUrl: `ws://127.0.0.1:${port}`, restUrl: `http://127.0.0.1:${port}` };
      const program = await ingestor('never', { symbols: ['BTCUSDT'], ...addresses });
      await program.line(/cannot be reached/);
      program.kill('SIGINT');
      const { code, err } = await program.ended;
      expect(code).toBe(0);
      expect(err).not.toContain('error:');
    },
    TIMEOUT_MS,
  );
});

/** What was sent may still be on its way. */
async function metricsWith(url: string, line: string): Promise<string> {
  return until(line, async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return text.split('\n').includes(line) && text;
  });
}
