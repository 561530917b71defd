import type { Batch } from '@autotrader/connector-core';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { formatDecimal, type Gap, type OHLCV, parseDecimal } from '@autotrader/schemas';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { openStorage, type Storage } from './storage.js';
import { anyBar, anyDepth, anyFrame, anyGap, anyTick } from './testing/arbitraries.js';
import { BTC, depthBatch, MIDNIGHT, tickBatch, trade, trades } from './testing/batches.js';
import { scratchServer } from './testing/scratch-server.js';
import { storedRow } from './testing/stored.js';

const server = scratchServer(startClickHouse);
let storage: Storage;
let databases = 0;
beforeEach(async () => {
  storage = await server.open({ database: `test_${++databases}` });
});

const SAMPLE = { numRuns: 300, seed: 7 };
const DAY = 86_400_000_000;

const micros = (column: string): string =>
  `if(isNull(${column}), NULL, toUnixTimestamp64Micro(assumeNotNull(${column}))) AS ${column}`;
const frames = (rows: ReturnType<typeof anyFrame.generate>['value'][]): Batch => ({
  ...{ type: 'quarantine', length: rows.length, rows },
});
const bars = (...rows: OHLCV[]): Batch => ({ type: 'bar', length: rows.length, rows });
const gaps = (...rows: Gap[]): Batch => ({ type: 'gap', length: rows.length, rows });

async function count(table: string): Promise<number> {
  const [row] = await storage.query<{ rows: number }>(`SELECT count() AS rows FROM ${table}`);
  return row?.rows ?? NaN;
}

describe('what is written', () => {
  it('as ticks is read back exactly', async () => {
    const ticks = fc.sample(anyTick, SAMPLE).map((tick, n) => ({ ...tick, timestamp: MIDNIGHT + n }));
    await storage.write(tickBatch(ticks));
    const times = ['timestamp', 'received_at'].map(micros).join(', ');
    const stored = await storage.query(`SELECT * REPLACE (${times}) FROM tick ORDER BY tick.timestamp`);
    expect(stored).toEqual(ticks.map(storedRow));
  });

  it('as books is read back exactly, empty sides and absent ids too', async () => {
    const books = fc.sample(anyDepth, SAMPLE).map((book, n) => ({ ...book, timestamp: MIDNIGHT + n }));
    await storage.write(depthBatch(books));
    const times = ['timestamp', 'received_at'].map(micros).join(', ');
    const stored = await storage.query(`SELECT * REPLACE (${times}) FROM depth ORDER BY depth.timestamp`);
    expect(stored).toEqual(books.map(storedRow));
  });

  it('as bars is read back exactly', async () => {
    const rows = fc.sample(anyBar, SAMPLE).map((bar, n) => ({ ...bar, openTime: MIDNIGHT + n }));
    await storage.write(bars(...rows));
    const times = ['timestamp', 'received_at', 'open_time'].map(micros).join(', ');
    const stored = await storage.query(`SELECT * REPLACE (${times}) FROM bars ORDER BY bars.open_time`);
    expect(stored).toEqual(rows.map(storedRow));
  });

  it('as gaps is read back exactly', async () => {
    const rows = fc.sample(anyGap, SAMPLE).map((gap, n) => ({ ...gap, fromTime: MIDNIGHT + n }));
    await storage.write(gaps(...rows));
    const times = ['timestamp', 'received_at', 'from_time', 'to_time', 'healed_at'].map(micros).join(', ');
    const stored = await storage.query(`SELECT * REPLACE (${times}) FROM gap ORDER BY gap.from_time`);
    expect(stored).toEqual(rows.map(storedRow));
  });

  it('as quarantined frames is read back byte by byte, UTF-8 or not', async () => {
    const rows = fc.sample(anyFrame, SAMPLE).map((row, n) => ({ ...row, receivedAt: MIDNIGHT + n }));
    await storage.write(frames(rows));
    const columns = `* REPLACE (${micros('received_at')}, hex(frame) AS frame)`;
    const stored = await storage.query(`SELECT ${columns} FROM quarantine ORDER BY quarantine.received_at`);
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
    expect(stored).toEqual(rows.map((row) => ({ ...storedRow(row), frame: hex(row.frame) })));
  });

  it('as a frame of 10 MB is there whole', async () => {
    const frame = Buffer.alloc(
      10_000_000,
      Uint8Array.from({ length: 251 }, (_, byte) => byte),
    );
    await storage.write(frames([{ venue: 'BINANCE', receivedAt: MIDNIGHT, reason: 'too large', frame }]));
    const [row] = await storage.query<{ size: number; frame: string }>(
      'SELECT size, base64Encode(frame) AS frame FROM quarantine',
    );
    expect(row?.size).toBe(10_000_000);
    expect(Buffer.from(row?.frame ?? '', 'base64').equals(frame)).toBe(true);
  });

  it('prints the decimals of the wire, up to 15 significant digits', async () => {
    const decimals = fc.sample(
      fc.tuple(fc.integer({ min: 1, max: 999_999_999_999_999 }), fc.integer({ min: -12, max: 0 })),
      { numRuns: 2_000, seed: 11 },
    );
    const values = decimals.map(([digits, exponent]) =>
      parseDecimal(formatDecimal(Number(`${digits}e${exponent}`))),
    );
    await storage.write(tickBatch(values.map((value, n) => trade(n, { price: value, size: value }))));
    const rows = await storage.query<{ price: string; size: string }>(
      'SELECT toString(price) AS price, toString(size) AS size FROM tick ORDER BY timestamp',
    );
    const wire = decimals.map(([digits, exponent]) => formatDecimal(Number(`${digits}e${exponent}`)));
    expect(rows.map(({ price }) => formatDecimal(Number(price)))).toEqual(wire);
    expect(rows.map(({ size }) => formatDecimal(Number(size)))).toEqual(wire);
  });
});

describe('what is written again', () => {
  it('as the same batch adds no row at all', async () => {
    const batch = tickBatch(trades(0, 1_000));
    await storage.write(batch);
    await storage.write(batch);
    expect(await count('tick_raw')).toBe(1_000);
  });

  it('in the same batch is one row in tick', async () => {
    await storage.write(tickBatch([...trades(0, 1_000), ...trades(500, 1_500)]));
    expect(await count('tick')).toBe(1_500);
    expect(await count('tick WHERE size > 0')).toBe(1_500);
  });

  it('in other batches is one row in tick', async () => {
    await storage.write(tickBatch(trades(0, 1_000)));
    await storage.write(tickBatch(trades(300, 1_200)));
    expect(await count('tick_raw')).toBe(1_900);
    expect(await count('tick')).toBe(1_200);
  });

  it('as a batch over two days adds nothing to either day', async () => {
    const batch = tickBatch(trades(-500, 500));
    await storage.write(batch);
    await storage.write(batch);
    const days = await storage.query(
      'SELECT toDate(timestamp) AS day, count() AS rows FROM tick_raw GROUP BY day ORDER BY day',
    );
    expect(days).toEqual([
      { day: '2024-08-08', rows: 500 },
      { day: '2024-08-09', rows: 500 },
    ]);
  });

  it('as a healed gap replaces the open one', async () => {
    const gap: Gap = {
      ...{ type: 'gap', ...BTC, timestamp: MIDNIGHT, receivedAt: MIDNIGHT, cause: 'DISCONNECT' },
      ...{ fromSequence: 7, toSequence: 9, fromTime: MIDNIGHT - 5, toTime: MIDNIGHT },
    };
    const healed = { ...gap, receivedAt: MIDNIGHT + 1, healedAt: MIDNIGHT + 1 };
    await storage.write(gaps(gap));
    await storage.write(gaps(healed));
    await storage.write(gaps({ ...gap, fromSequence: 20, toSequence: 21 }));
    expect(await storage.query('SELECT from_sequence, healed_at FROM gap ORDER BY from_sequence')).toEqual([
      { from_sequence: 7, healed_at: '2024-08-09T00:00:00.000001Z' },
      { from_sequence: 20, healed_at: null },
    ]);
  });

  it('as a bar that has grown replaces the bar before, whichever is written last', async () => {
    const bar = (n: number, volume: number): OHLCV => ({
      ...{ type: 'bar', ...BTC, interval: '1m', priceType: 'trade', openTime: MIDNIGHT, isClosed: false },
      ...{ timestamp: MIDNIGHT + n, receivedAt: MIDNIGHT + n, open: 1, high: 1, low: 1, close: 1, volume },
    });
    await storage.write(bars(bar(1, 10), bar(3, 30)));
    await storage.write(bars(bar(2, 20)));
    expect(await storage.query('SELECT volume, source FROM bars')).toEqual([{ volume: 30, source: 'venue' }]);
  });

  it('as the same frame, with others, is one row in quarantine', async () => {
    const frame = (text: string) => ({
      ...{ venue: 'BINANCE', receivedAt: MIDNIGHT, reason: 'x' },
      frame: Buffer.from(text),
    });
    await storage.write(frames([frame('a'), frame('b')]));
    await storage.write(frames([frame('b'), frame('c')]));
    expect(await count('quarantine')).toBe(3);
  });
});

describe('a storage', () => {
  it('writes nothing for an empty batch', async () => {
    await storage.write(tickBatch([]));
    expect(await count('tick_raw')).toBe(0);
  });

  it('refuses what has no column to go to in one line, and goes on', async () => {
    await storage.query('SELECT 1');
    const broken = await server.open({ database: `test_${databases}` });
    await dropColumn(`test_${databases}.tick_raw`, 'side');
    await expect(broken.write(tickBatch(trades(0, 3)))).rejects.toMatchObject({
      name: 'StorageError',
      code: 'REJECTED',
      message: expect.stringMatching(
        /^ClickHouse refuses 3 rows for tick_raw \(code 16\): No such column side .*$/,
      ),
    });
    await broken.write(gaps());
  });

  it('stores a batch over more partitions than an insert may have day by day, and again adds nothing', async () => {
    const days = Array.from({ length: 101 }, (_, n) => trade(((n * 37) % 101) * 31 * DAY, { sequenceId: n }));
    const notices: string[] = [];
    const onNotice = ({ message }: { message: string }): number => notices.push(message);
    const own = await server.open({ database: `test_${databases}`, onNotice, bars: false });
    for (let times = 0; times < 2; times++) await own.write(tickBatch(days));
    expect(await own.query('SELECT count() AS rows, uniqExact(sequence_id) AS ids FROM tick_raw')).toEqual([
      { rows: 101, ids: 101 },
    ]);
    expect(notices[0]).toBe(
      'ClickHouse: 101 rows for tick_raw are of 101 days, too many for one insert: stored day by day',
    );
  }, 60_000);

  it('answers queries on its own database, with times as RFC 3339 and counts as numbers', async () => {
    await storage.write(tickBatch([trade(1)]));
    const rows = await storage.query('SELECT timestamp, sequence_id, bid FROM tick');
    expect(rows).toEqual([{ timestamp: '2024-08-09T00:00:00.000001Z', sequence_id: 1_000_001, bid: null }]);
  });

  it('says in one line why a query is refused', async () => {
    await expect(storage.query('SELECT nothing FROM tick')).rejects.toMatchObject({
      code: 'REJECTED',
      message: expect.stringMatching(
        /^ClickHouse at http:\/\/127\.0\.0\.1:\d+ refuses \(code 47\): .*nothing.*$/,
      ),
    });
  });

  it('shares its metrics with another on the same registry', async () => {
    const registry = new Registry();
    const [one, two] = [await server.open({ registry }), await server.open({ registry })];
    await one.write(tickBatch(trades(0, 3)));
    await two.write(tickBatch(trades(3, 5)));
    expect(await registry.metrics()).toContain('inserted_rows_total{table="tick_raw"} 5');
  });

  it('takes nothing once it is closed', async () => {
    const closed = await openStorage({ url: server.url });
    await closed.close();
    await expect(closed.write(tickBatch(trades(0, 3)))).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

async function dropColumn(table: string, column: string): Promise<void> {
  const answer = await fetch(server.url, {
    method: 'POST',
    body: `ALTER TABLE ${table} DROP COLUMN ${column}`,
  });
  expect(await answer.text()).toBe('');
}
