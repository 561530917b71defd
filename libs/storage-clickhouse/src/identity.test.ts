import { startClickHouse } from '@autotrader/embedded-clickhouse';
import type { Depth, Tick } from '@autotrader/schemas';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Origin } from './encode/origin.js';
import { depthBatch, MIDNIGHT, tickBatch, trade } from './testing/batches.js';
import { scratchServer } from './testing/scratch-server.js';
import { openTickWriter, type TickWriter } from './testing/tick-writer.js';

const server = scratchServer(startClickHouse);
let databases = 0;
let database = '';
let writer: TickWriter;
beforeEach(async () => {
  database = `test_${++databases}`;
  writer = await openTickWriter(server.url, database);
});
afterEach(() => writer.close());

const MINUTE = 60_000_000;
const DAY = 1440 * MINUTE;
const today = Math.floor((Date.now() * 1000) / DAY) * DAY - MIDNIGHT;

/** Each tick in a batch of its own; what is read before and after all copies were merged. */
async function rowsOf(...copies: (readonly [Tick, Origin])[]): Promise<unknown[]> {
  for (const [tick, origin] of copies) await writer.insert(tickBatch([tick]), origin);
  const query =
    'SELECT sequence_id, price, toUnixTimestamp64Micro(received_at) AS received_at FROM tick ORDER BY ALL';
  const before = await writer.query(query);
  await writer.client.command({ query: `OPTIMIZE TABLE ${database}.tick_raw FINAL` });
  expect(await writer.query(query)).toEqual(before);
  return before;
}

/** A trade of today, received so much later. */
const received = (later: number, more: Partial<Tick> = {}): Tick =>
  trade(today, { sequenceId: 7, price: 5, receivedAt: MIDNIGHT + today + later, ...more });
const first = (later: number, id = 7) => ({
  sequence_id: id,
  price: 5,
  received_at: MIDNIGHT + today + later,
});

describe('the same event', () => {
  it('is one row, live, from a second recorder, and from history; the copy that was received first stands, in whatever order they come', async () => {
    const copies = [
      [received(300), 'live'],
      [received(100), 'live'],
      [received(200), 'live'],
      [received(DAY), 'backfill'],
    ] as const;
    expect(await rowsOf(...copies)).toEqual([first(100)]);
    await writer.client.command({ query: `TRUNCATE TABLE ${database}.tick_raw` });
    expect(await rowsOf(...copies.toReversed())).toEqual([first(100)]);
  });

  it('is one row when one interface tells its time in milliseconds and another in microseconds', async () => {
    const micros = received(100, { timestamp: MIDNIGHT + today + 1_234_567 });
    const millis = received(200, { timestamp: MIDNIGHT + today + 1_234_000 });
    expect(await rowsOf([millis, 'backfill'], [micros, 'live'])).toEqual([first(100)]);
  });

  it('of a venue without ids is known by its time', async () => {
    const { sequenceId: _, ...tick } = received(100);
    const next = { ...tick, timestamp: tick.timestamp + 1 };
    const later = { ...tick, receivedAt: tick.receivedAt + 50 };
    expect(await rowsOf([later, 'live'], [next, 'live'], [tick, 'live'])).toEqual([
      first(100, 0),
      first(100, 0),
    ]);
  });

  it('of a venue without ids and with times of whole seconds is known by what it says', async () => {
    const { sequenceId: _, ...tick } = received(100);
    const copy = { ...tick, contentId: 5, receivedAt: tick.receivedAt + 50 };
    const equal = { ...tick, contentId: 6 };
    const rows = await rowsOf([copy, 'live'], [{ ...tick, contentId: 5 }, 'live'], [equal, 'live']);
    expect(rows).toEqual([first(100, 0), first(100, 0)]);
  });

  it('is another when anything of its identity differs: venue, symbol, stream, id, or the minute of an id that begins anew', async () => {
    const others: Partial<Tick>[] = [
      { venue: 'OKX' },
      { symbol: 'ETH/USDT' },
      { stream: 'aggTrade' },
      { sequenceId: 8 },
      { timestamp: MIDNIGHT + today + MINUTE },
    ];
    const ticks = [received(0), ...others.map((each) => received(0, each))];
    expect(await rowsOf(...ticks.map((tick) => [tick, 'live'] as const))).toHaveLength(6);
  });

  it('is one row, too, when it is a book', async () => {
    const book = (later: number, price: number): Depth => {
      const { type: _, kind: _kind, price: _price, size: _size, side: _side, ...event } = received(later);
      return { type: 'depth', ...event, isSnapshot: false, bids: [{ price, size: 1 }], asks: [] };
    };
    for (const later of [20, 10, 30]) await writer.insert(depthBatch([book(later, later)]), 'live');
    expect(await writer.query('SELECT bids FROM depth')).toEqual([{ bids: [{ price: 10, size: 1 }] }]);
  });
});

describe('a question about a few minutes', () => {
  it('reads these minutes only, though the table has many days', async () => {
    const days = Array.from({ length: 20 }, (_, day) => today - day * DAY);
    for (const day of days)
      for (const symbol of ['BTC/USDT', 'ETH/USDT'])
        await writer.insert(
          tickBatch(
            Array.from({ length: 3_000 }, (_, n) =>
              trade(day + n * 20_000_000, { symbol, sequenceId: n + 1 }),
            ),
          ),
          'live',
        );
    const [from, to] = [MIDNIGHT + today - 3 * DAY, MIDNIGHT + today - 3 * DAY + 5 * MINUTE].map(
      (time) => `fromUnixTimestamp64Micro(${time}, 'UTC')`,
    );
    const condition = `symbol = 'BTC/USDT' AND timestamp >= ${from} AND timestamp < ${to}`;
    expect(await writer.query(`SELECT count() AS rows FROM tick WHERE ${condition}`)).toEqual([{ rows: 15 }]);
    const plan = await writer.query<{ explain: string }>(`
      EXPLAIN indexes = 1 SELECT count() FROM tick WHERE ${condition}`);
    const text = plan.map(({ explain }) => explain.trim()).join('\n');
    expect(text).toMatch(/PrimaryKey[^]*symbol[^]*toStartOfMinute\(timestamp\)/);
    const estimate = await writer.query<{ parts: number; rows: number }>(
      `EXPLAIN ESTIMATE SELECT count() FROM tick WHERE ${condition}`,
    );
    expect(estimate.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(6_000);
  }, 60_000);
});
