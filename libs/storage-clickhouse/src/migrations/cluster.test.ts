import { startClickHouse } from '@autotrader/embedded-clickhouse';
import type { Tick } from '@autotrader/schemas';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MIDNIGHT, tickBatch, trades } from '../testing/batches.js';
import { randomFrom, shuffled } from '../testing/shuffled.js';
import { CLUSTER, shards } from '../testing/shards.js';
import { openTickWriter, type TickWriter } from '../testing/tick-writer.js';
import { type Cluster, forCluster } from './cluster.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations.generated.js';
import { splitStatements } from './statements.js';

const cluster: Cluster = { name: 'market' };

/** Every statement there is, for a cluster. */
const all = (of: Cluster): string[] =>
  MIGRATIONS.flatMap(({ sql }) => splitStatements(sql.replaceAll('{database}', 'db'))).flatMap((each) =>
    forCluster(each, of),
  );

describe('a migration of a cluster', () => {
  it('is said to all its servers, and every table of it is replicated by a path of its own', () => {
    const statements = all(cluster);
    for (const statement of statements) expect(statement).toContain(` ON CLUSTER 'market'`);
    const tables = statements.filter((each) => each.includes('MergeTree'));
    const paths = tables.map(
      (each) => /ENGINE = Replicated\w+MergeTree\('([^']*)', '{replica}'/.exec(each)?.[1],
    );
    expect(paths).toContain('/clickhouse/tables/{shard}/db/tick_raw_local');
    expect(new Set(paths).size).toBe(tables.length);
    expect(tables.join()).not.toContain('non_replicated');
    expect(tables.join()).toContain('replicated_deduplication_window = 100000');
  });

  it('puts a Distributed table of the plain name before each, which keeps the copies of an event together', () => {
    expect(all(cluster)).toContain(
      `CREATE TABLE IF NOT EXISTS db.tick_raw ON CLUSTER 'market' AS db.tick_raw_local ` +
        `ENGINE = Distributed('market', 'db', 'tick_raw_local', cityHash64(venue, symbol))`,
    );
    expect(all(cluster)).toContain(
      `CREATE TABLE IF NOT EXISTS db.quarantine_raw ON CLUSTER 'market' AS db.quarantine_raw_local ` +
        `ENGINE = Distributed('market', 'db', 'quarantine_raw_local', cityHash64(venue))`,
    );
  });

  it('has its materialized views where the rows are', () => {
    const [view = ''] = all(cluster).filter((each) => each.includes('MATERIALIZED VIEW'));
    expect(view).toMatch(/bars_1m_mv ON CLUSTER 'market' TO db\.bars_1m_raw_local AS/);
    expect(view).toMatch(/FROM db\.tick_raw_local\s/);
  });

  it('without a keeper is said to one server at a time, and nothing is replicated', () => {
    const text = all({ ...cluster, hasKeeper: false }).join('\n');
    expect(text).not.toContain('ON CLUSTER');
    expect(text).not.toContain('Replicated');
    expect(text).toContain('CREATE TABLE IF NOT EXISTS db.tick_raw_local\n');
  });

  it('changes columns of both tables, and what only a table with rows has of that one', () => {
    expect(forCluster('ALTER TABLE db.a ADD COLUMN IF NOT EXISTS y UInt8', cluster)).toEqual([
      `ALTER TABLE db.a_local ON CLUSTER 'market' ADD COLUMN IF NOT EXISTS y UInt8`,
      `ALTER TABLE db.a ON CLUSTER 'market' ADD COLUMN IF NOT EXISTS y UInt8`,
    ]);
    expect(forCluster('ALTER TABLE db.a MODIFY TTL t', cluster)).toEqual([
      `ALTER TABLE db.a_local ON CLUSTER 'market' MODIFY TTL t`,
    ]);
    expect(forCluster('DROP VIEW IF EXISTS db.v', cluster)).toEqual([
      `DROP VIEW IF EXISTS db.v ON CLUSTER 'market'`,
    ]);
  });

  it('refuses a statement that it does not know', () => {
    expect(() => forCluster('RENAME TABLE db.a TO db.b', cluster)).toThrow(
      '"RENAME TABLE db.a TO db.b..." cannot be said to a cluster: write it in another way',
    );
  });
});

const servers = shards(startClickHouse);
const writers: TickWriter[] = [];
afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.close();
});

async function open(url: string | undefined, database: string): Promise<TickWriter> {
  const writer = await openTickWriter(url ?? '', database);
  writers.push(writer);
  return writer;
}

const MINUTE = 60_000_000;
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'ADA/USDT', 'XRP/USDT', 'BNB/USDT'];

/** Batches of trades of all symbols, each trade three times, in an order that the seed decides. */
function replays(seed: number): Tick[][] {
  const random = randomFrom(seed);
  const ticks = SYMBOLS.flatMap((symbol) => trades(-500, 500, { symbol }));
  const all = shuffled([...ticks, ...ticks, ...ticks], random);
  return Array.from({ length: 12 }, (_, part) => all.filter((_tick, n) => n % 12 === part));
}

const QUESTIONS = [
  'SELECT count() AS rows, uniqExact(symbol, sequence_id) AS ids FROM tick',
  'SELECT symbol, interval, open_time, open, high, low, close, volume, trades FROM bars ORDER BY ALL',
  'SELECT symbol, open, high, low, close, volume, trades FROM bars_1m ORDER BY symbol',
  'SELECT symbol, round(sum(size), 8) AS size, max(received_at) AS last FROM tick GROUP BY symbol ORDER BY symbol',
];

describe('two shards', () => {
  it('answer as one server does to the same replay, through either of them', async () => {
    const [one, two] = servers.urls;
    for (const url of servers.urls)
      await migrate({ url, database: 'sharded', cluster: { name: CLUSTER, hasKeeper: false } });
    const [single, first, second] = [
      await open(one, 'single'),
      await open(one, 'sharded'),
      await open(two, 'sharded'),
    ];
    for (const { client } of [single, second]) await client.command({ query: 'SYSTEM STOP MERGES' });
    for (const [n, ticks] of replays(1).entries()) {
      await single.write(tickBatch(ticks));
      await (n % 2 === 0 ? first : second).write(tickBatch(ticks));
      await (n % 2 === 0 ? first : second).insert(tickBatch(ticks)); // the same batch: a retry
    }
    const now = Math.floor(Date.now() / 60_000) * MINUTE - MIDNIGHT;
    const live = tickBatch(SYMBOLS.flatMap((symbol) => trades(now, now + 50, { symbol })));
    for (const writer of [single, first, second]) await writer.insert(live, 'live'); // in first and second: a retry
    for (const question of QUESTIONS) {
      const answer = await single.query(question);
      expect(answer).not.toHaveLength(0);
      expect(await first.query(question)).toEqual(answer);
      expect(await second.query(question)).toEqual(answer);
    }
    const held = await Promise.all(
      [first, second].map((writer) =>
        writer.query<{ symbol: string }>('SELECT DISTINCT symbol FROM tick_raw_local'),
      ),
    );
    expect(held.map((symbols) => symbols.length > 0)).toEqual([true, true]);
    expect(held.flat()).toHaveLength(SYMBOLS.length);
    const rows = 'SELECT count() AS raw FROM tick_raw'; // nothing is merged, so a repeated insert would show
    expect(await first.query(rows)).toEqual(await single.query(rows));
  }, 120_000);
});
