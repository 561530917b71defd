import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type SimulatedPrice, startOandaSimulator } from '@autotrader/connector-oanda/testing';
import { startTwsSimulator } from '@autotrader/connector-ibkr/testing';
import type { Origin } from '@autotrader/storage-clickhouse';
import type { z } from 'zod';
import { Scratch, until } from '@autotrader/runtime/testing';
import { Config } from './config/schema.js';
import { createLog } from './log.js';
import { Recording } from './record/recording.js';
import { StatusLine } from './status-line.js';

const TIMEOUT_MS = 120_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
/** A whole minute of today, so that no retention has an opinion. */
const START = Math.floor((Date.now() * 1000) / MINUTE - 60) * MINUTE;
const PRICING = new URL('../../../../shared/recordings/oanda/pricing.json', import.meta.url);

const scratch = new Scratch();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await scratch.clean();
}, TIMEOUT_MS);

/** The ingestor on these venues, live, with a ClickHouse of its own. */
async function record(
  venues: z.input<typeof Config>['venues'],
  secrets: Readonly<Record<string, string>> = {},
  origin: Origin = 'live',
): Promise<Recording> {
  const folder = await scratch.folder();
  const config = Config.parse({
    venues,
    clickhouse: { dataDir: `${folder}/clickhouse`, httpPort: 0 },
    spool: { dir: `${folder}/spool` },
    http: { port: 0 },
  });
  const statusLine = new StatusLine();
  const context = {
    log: createLog('silent', statusLine),
    statusLine,
    secrets: (name: string) => secrets[name],
    origin,
  };
  const recording = await Recording.open(config, context);
  closing.push(() => recording.close());
  await recording.start();
  return recording;
}

function events(recording: Recording): number {
  return recording
    .snapshots()
    .flatMap(({ streams }) => streams)
    .reduce((sum, stream) => sum + stream.events, 0);
}

const bars = `
  SELECT symbol, price_type, toString(open) AS open, toString(high) AS high, toString(low) AS low,
    toString(close) AS close, toString(trades) AS trades
  FROM bars WHERE interval = '1m' AND source = 'ticks' ORDER BY symbol, price_type, open_time`;

describe('prices of Oanda', () => {
  it(
    'are stored with the times, prices and sizes that were sent, and make mid bars, of those that can be traded at',
    async () => {
      const venue = await startOandaSimulator({ market: false });
      closing.push(() => venue.stop());
      const { url, apiKey, accountId } = venue;
      const recording = await record(
        { oanda: { symbols: ['EUR_USD'], streamUrl: url, restUrl: url } },
        { OANDA_API_KEY: apiKey, OANDA_ACCOUNT_ID: accountId },
      );
      const bids = ['1.05231', '1.05240', '1.05200', '1.09000', '1.05210'];
      const sent = bids.map((bid, count): SimulatedPrice => ({
        ...{ instrument: 'EUR_USD', time: START + count * 250_000 + 7, tradeable: count !== 3 },
        bids: [{ price: bid, liquidity: 1_000_000 }],
        asks: [{ price: (Number(bid) + 0.0002).toFixed(5), liquidity: 2_000_000 }],
      }));
      for (const price of sent) venue.publish(price);
      await until('all prices', () => Promise.resolve(events(recording) === sent.length));
      await recording.drain();
      const rows = await recording.store.query(
        `SELECT toString(toUnixTimestamp64Micro(timestamp)) AS time, toString(bid) AS bid, toString(ask) AS ask,
         toString(bid_size) AS size, condition FROM tick ORDER BY timestamp`,
      );
      const plain = (text = ''): string => String(Number(text));
      expect(rows).toEqual(
        sent.map((price) => ({
          ...{ time: String(price.time), bid: plain(price.bids[0]?.price), ask: plain(price.asks[0]?.price) },
          ...{ size: '1000000', condition: price.tradeable ? '' : 'INDICATIVE' },
        })),
      );
      expect(await recording.store.query(bars)).toEqual([
        {
          ...{ symbol: 'EUR/USD', price_type: 'mid', open: '1.05241', high: '1.0525', low: '1.0521' },
          ...{ close: '1.0522', trades: '4' },
        },
      ]);
    },
    TIMEOUT_MS,
  );

  (existsSync(PRICING) ? it : it.skip)(
    'as they were recorded (needs ../shared/recordings) are stored to the digit',
    async () => {
      const venue = await startOandaSimulator({
        market: false,
        instruments: [
          { name: 'EUR_USD', type: 'CURRENCY', price: 1, decimals: 5 },
          { name: 'EUR_JPY', type: 'CURRENCY', price: 1, decimals: 3 },
        ],
      });
      closing.push(() => venue.stop());
      const { url, apiKey, accountId } = venue;
      const recording = await record(
        { oanda: { symbols: ['EUR_USD', 'EUR_JPY'], streamUrl: url, restUrl: url } },
        { OANDA_API_KEY: apiKey, OANDA_ACCOUNT_ID: accountId },
        'backfill', // what is that old would not be kept as live
      );
      const recorded = JSON.parse(readFileSync(PRICING, 'utf8')) as Record<string, { response: object[] }>;
      const lines = recorded['_v3_accounts_accountID_pricing_stream']?.response ?? [];
      for (const line of lines) venue.sendRaw(`${JSON.stringify(line)}\n`);
      await until('all prices', () => Promise.resolve(events(recording) === 3));
      await recording.drain();
      const rows = await recording.store.query<{ row: string }>(
        `SELECT concatWithSeparator(' ', symbol, toString(timestamp), toString(bid), toString(ask), toString(price)) AS row
         FROM tick ORDER BY timestamp`,
      );
      expect(rows.map(({ row }) => row)).toEqual([
        'EUR/JPY 2016-10-27 08:38:43.094548 114.295 114.312 114.3035',
        'EUR/USD 2016-10-27 08:38:45.664613 1.09177 1.09188 1.091825',
        'EUR/JPY 2016-10-27 08:38:45.681572 114.298 114.315 114.3065',
      ]);
    },
    TIMEOUT_MS,
  );
});

describe('ticks of Interactive Brokers', () => {
  it(
    'are stored with the prices and sizes that were sent, equal ones of a second each; bars open and close in their order',
    async () => {
      let now = START;
      const tws = await startTwsSimulator({ market: false, tickByTickEveryMs: 0, now: () => now });
      closing.push(() => tws.stop());
      const { host, port } = tws;
      const recording = await record({
        ibkr: { symbols: ['AAPL', 'EUR/USD'], host, port, tickByTickEveryMs: 0 },
      });
      const prices = [271.35, 271.36, 271.36, 271.36, 271.3, 271.4];
      for (const [count, price] of prices.entries()) {
        // The first four within one second, and two of them alike.
        if (count > 3) now += SECOND;
        tws.market.trade('AAPL', { price, size: count === 2 ? 100 : 100 + count, exchange: 'ARCA' });
        if (count === 2) tws.market.trade('AAPL', { price, size: 100, exchange: 'ARCA' });
      }
      tws.market.quote('EUR.USD', { bid: 1.05235, ask: 1.05245, bidSize: 1_000_000, askSize: 2_000_000 });
      await until('all ticks', () => Promise.resolve(events(recording) === 8));
      await recording.drain();
      const rows = await recording.store.query(
        `SELECT toString(price) AS price, toString(size) AS size, count() AS rows, uniqExact(content_id) AS ids
       FROM tick WHERE symbol = 'AAPL' GROUP BY ALL ORDER BY price, size`,
      );
      expect(rows).toEqual([
        { price: '271.3', size: '104', rows: 1, ids: 1 },
        { price: '271.35', size: '100', rows: 1, ids: 1 },
        { price: '271.36', size: '100', rows: 2, ids: 2 },
        { price: '271.36', size: '101', rows: 1, ids: 1 },
        { price: '271.36', size: '103', rows: 1, ids: 1 },
        { price: '271.4', size: '105', rows: 1, ids: 1 },
      ]);
      expect(await recording.store.query(bars)).toEqual([
        {
          ...{ symbol: 'AAPL', price_type: 'trade', open: '271.35', high: '271.4', low: '271.3' },
          ...{ close: '271.4', trades: '7' },
        },
        {
          ...{ symbol: 'EUR/USD', price_type: 'mid', open: '1.0524', high: '1.0524', low: '1.0524' },
          ...{ close: '1.0524', trades: '1' },
        },
      ]);
    },
    TIMEOUT_MS,
  );
});
