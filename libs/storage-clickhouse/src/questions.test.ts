import { readFile } from 'node:fs/promises';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import type { Gap, Tick } from '@autotrader/schemas';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schemaOf } from './migrations/columns.js';
import { dictionaryOf } from './migrations/dictionary.js';
import { MIGRATIONS } from './migrations/migrations.generated.js';
import { BTC, MIDNIGHT, tickBatch, trade } from './testing/batches.js';
import { scratchServer } from './testing/scratch-server.js';
import { openTickWriter, type TickWriter } from './testing/tick-writer.js';

const server = scratchServer(startClickHouse);
const SECOND = 1_000_000;
const now = Math.floor(Date.now() / 1000) * SECOND;
let writer: TickWriter;

/** What the README of the schema says. */
const readme = (): Promise<string> =>
  readFile(new URL('../../../infrastructure/clickhouse/README.md', import.meta.url), 'utf8');

/** A trade so many seconds ago, that took 40 ms to us, or the one of the slowest minute 900 ms. */
const ago = (seconds: number, sequenceId: number, more: Partial<Tick> = {}): Tick => {
  const timestamp = now - seconds * SECOND;
  const receivedAt = timestamp + (seconds > 200 ? 900_000 : 40_000);
  return trade(timestamp - MIDNIGHT, { receivedAt, sequenceId, price: sequenceId, size: 0.1, ...more });
};

const quote = (seconds: number, bid: number, ask: number): Tick => {
  const { timestamp, ...rest } = ago(seconds, seconds + 1, { kind: 'quote', stream: 'bookTicker', size: 0 });
  return {
    ...rest,
    timestamp,
    receivedAt: timestamp,
    price: (bid + ask) / 2,
    bid,
    ask,
    bidSize: 1,
    askSize: 1,
  };
};

const gap: Gap = {
  type: 'gap',
  ...{ ...BTC, timestamp: now, receivedAt: now, fromSequence: 13, toSequence: 14, cause: 'SEQUENCE' },
  ...{ fromTime: now - 50 * SECOND, toTime: now - 40 * SECOND },
};

beforeAll(async () => {
  writer = await openTickWriter(server.url, 'questions');
  const trades = [ago(300, 10), ago(90, 11), ago(60, 12), ago(30, 15)];
  const elsewhere = ago(20, 7, { venue: 'OKX', price: 14, size: 2.5 });
  await writer.write(tickBatch([...trades, elsewhere, quote(25, 10, 10.5), quote(15, 10, 10.25)]), 'live');
  await writer.write(tickBatch(trades), 'live');
  const healed = { ...gap, fromSequence: 1, toSequence: 2, healedAt: now };
  await writer.insert({ type: 'gap', length: 2, rows: [gap, healed] });
});
afterAll(() => writer.close());

/** The answer to the question of this heading. */
async function answer(heading: string): Promise<Record<string, unknown>[]> {
  const text = await readme();
  const [, sql] = new RegExp(`\\*\\*${heading}\\*\\*[^]*?\`\`\`sql\\n([^]*?)\`\`\``).exec(text) ?? [];
  if (sql === undefined) throw new Error(`the README has no question ${heading}`);
  return writer.query(sql);
}

describe('the questions people ask first are answered:', () => {
  it('what is the last price?', async () => {
    expect(await answer('What is the last price\\?')).toEqual([
      expect.objectContaining({ venue: 'BINANCE', symbol: 'BTC/USDT', price: 15 }),
      expect.objectContaining({ venue: 'OKX', symbol: 'BTC/USDT', price: 14 }),
    ]);
  });

  it('the bars of the last hour', async () => {
    const bars = await answer('The bars of the last hour');
    expect(bars.reduce((sum, { trades }) => sum + Number(trades), 0)).toBe(4);
    expect(bars[0]).toMatchObject({
      open: 10,
      high: 10,
      low: 10,
      close: 10,
      volume: 0.1,
      trades: 1,
      is_closed: true,
    });
  });

  it('how wide is the spread?', async () => {
    expect(await answer('How wide is the spread\\?')).toEqual([
      { venue: 'BINANCE', symbol: 'BTC/USDT', spread: 0.375, basis_points: 367.359 },
    ]);
  });

  it('which venue trades how much?', async () => {
    expect(await answer('Which venue trades how much\\?')).toEqual([
      { symbol: 'BTC/USDT', venue: 'OKX', volume: 2.5, trades: 1 },
      { symbol: 'BTC/USDT', venue: 'BINANCE', volume: 0.4, trades: 4 },
    ]);
  });

  it('what is missing?', async () => {
    expect(await answer('What is missing\\?')).toEqual([
      expect.objectContaining({ symbol: 'BTC/USDT', stream: 'trade', missing: 2, cause: 'SEQUENCE' }),
    ]);
  });

  it('how late do events arrive, and is every stream alive?', async () => {
    const [, trades] = await answer('How late do events arrive, and is every stream alive\\?');
    expect(trades).toMatchObject({ venue: 'BINANCE', stream: 'trade', median_ms: 40 });
    expect(Number(trades?.p99_ms)).toBeGreaterThan(800);
    expect(Number(trades?.silent_seconds)).toBeGreaterThanOrEqual(29);
  });

  it('is anything stored twice?', async () => {
    expect(await answer('Is anything stored twice\\?')).toEqual([{ duplicates: 0 }]);
  });

  it('how complete is each day?', async () => {
    const days = await answer('How complete is each day\\?');
    const [ticks, ids] = ['ticks', 'ids'].map((name) =>
      days.filter(({ venue }) => venue === 'BINANCE').reduce((sum, day) => sum + Number(day[name]), 0),
    );
    expect(ticks).toBe(4);
    expect(ids).toBeGreaterThanOrEqual(4); // 6 unless the hole is at midnight
  });

  it('how much does each table take?', async () => {
    const tables = await answer('How much does each table take\\?');
    expect(tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['tick_raw', 'bars_raw', 'gap_raw']),
    );
  });

  it('which minute was the slowest?', async () => {
    expect(await answer('Which minute was the slowest\\?')).toEqual([
      expect.objectContaining({ venue: 'BINANCE', p99_ms: 900, ticks: 1 }),
    ]);
  });
});

describe('the columns in the README of the schema', () => {
  it('are those of the migrations (if not: nx run storage-clickhouse:embed-migrations)', async () => {
    expect(await readme()).toContain(dictionaryOf(schemaOf(MIGRATIONS)));
  });
});
