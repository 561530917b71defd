import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Origin } from '../encode/origin.js';
import { depthBatch, MIDNIGHT, tickBatch, trade } from '../testing/batches.js';
import { scratchServer } from '../testing/scratch-server.js';
import { openTickWriter, type TickWriter } from '../testing/tick-writer.js';
import { MIGRATIONS } from './migrations.generated.js';
import { setRetention, ttl } from './retention.js';

const server = scratchServer(startClickHouse);
let databases = 0;
let database = '';
let writer: TickWriter;
beforeEach(async () => {
  database = `test_${++databases}`;
  writer = await openTickWriter(server.url, database);
});
afterEach(() => writer.close());

const DAY = 86_400_000_000;
const now = Date.now() * 1000;

/** Ticks and books of this age in days, with ids of their own. */
async function insert(age: number, origin: Origin): Promise<void> {
  const time = now - age * DAY - MIDNIGHT;
  const { type: _, kind: _kind, price: _price, size: _size, side: _side, ...event } = trade(time);
  const book = { type: 'depth' as const, ...event, isSnapshot: true, bids: [], asks: [] };
  await writer.insert(tickBatch([trade(time), trade(time - 1)]), origin);
  await writer.insert(depthBatch([book]), origin);
}

/** `origin age`, of what is left once everything was merged. */
async function left(table: 'tick' | 'depth'): Promise<string[]> {
  await writer.client.command({ query: `OPTIMIZE TABLE ${database}.${table}_raw FINAL` });
  const age = `intDiv(${now} - toUnixTimestamp64Micro(timestamp), ${DAY})`;
  const rows = await writer.query<{ row: string }>(
    `SELECT DISTINCT concat(origin, ' ', toString(${age})) AS row FROM ${table}_raw ORDER BY row`,
  );
  return rows.map(({ row }) => row);
}

const keep = (retention: Parameters<typeof setRetention>[1]) =>
  setRetention({ url: server.url, database }, retention);

describe('how long rows are kept', () => {
  it('is 90 days for live ticks, 30 for live books, and for ever for history', async () => {
    for (const age of [20, 60, 120])
      for (const origin of ['live', 'backfill'] as const) await insert(age, origin);
    expect(await left('tick')).toEqual(['backfill 120', 'backfill 20', 'backfill 60', 'live 20', 'live 60']);
    expect(await left('depth')).toEqual(['backfill 120', 'backfill 20', 'backfill 60', 'live 20']);
  });

  it('can be set, each by itself', async () => {
    await keep({ liveTicks: 200, liveDepth: 'forever', backfilledTicks: 100 });
    for (const origin of ['live', 'backfill'] as const) await insert(120, origin);
    expect(await left('tick')).toEqual(['live 120']);
    expect(await left('depth')).toEqual(['backfill 120', 'live 120']);
    expect(await keep({ liveTicks: 10 })).toEqual({
      ...{ liveTicks: 10, liveDepth: 'forever', backfilledTicks: 100, backfilledDepth: 'forever' },
    });
    expect(await left('tick')).toEqual([]);
  });

  it('leaves a tick that came by both ways to the history when the live one goes', async () => {
    await insert(10, 'live');
    await insert(10, 'backfill');
    expect(await writer.query('SELECT count() AS rows FROM tick')).toEqual([{ rows: 2 }]);
    await keep({ liveTicks: 5 });
    expect(await left('tick')).toEqual(['backfill 10']);
    expect(await writer.query('SELECT count() AS rows FROM tick')).toEqual([{ rows: 2 }]);
  });

  it('changes nothing when nothing is asked for', async () => {
    const kept = { liveTicks: 90, liveDepth: 30, backfilledTicks: 'forever', backfilledDepth: 'forever' };
    expect(await keep({})).toEqual(kept);
    expect(await keep({ liveTicks: 90 })).toEqual(kept);
  });

  it.each([0, -1, 1.5, NaN, 10_001])('cannot be %p days', async (days) => {
    await expect(keep({ liveTicks: days })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: `rows cannot be kept for ${days} days: name a whole number of days from 1 to 10000, or forever`,
    });
  });

  it('cannot be told of a table that somebody else made', async () => {
    await writer.client.command({ query: `ALTER TABLE ${database}.tick_raw REMOVE TTL` });
    await expect(keep({ liveTicks: 5 })).rejects.toMatchObject({
      code: 'MIGRATION',
      message: `${database}.tick_raw does not say how long its rows are kept: run the migrations, and check the schema`,
    });
  });

  it('is written in the migrations as it is set', () => {
    const sql = MIGRATIONS.map((migration) => migration.sql).join('');
    expect(sql).toContain(`TTL ${ttl(90, 'forever')}\n`);
    expect(sql).toContain(`TTL ${ttl(30, 'forever')}\n`);
  });
});
