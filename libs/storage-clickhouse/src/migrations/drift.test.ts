import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scratchServer } from '../testing/scratch-server.js';
import { openTickWriter, type TickWriter } from '../testing/tick-writer.js';
import { schemaOf } from './columns.js';
import { schemaDrift } from './drift.js';
import { MIGRATIONS } from './migrations.generated.js';

const server = scratchServer(startClickHouse);
let databases = 0;
let database = '';
let writer: TickWriter;
beforeEach(async () => {
  database = `test_${++databases}`;
  writer = await openTickWriter(server.url, database);
});
afterEach(() => writer.close());

const drift = () => schemaDrift({ url: server.url, database });
const command = (query: string) => writer.client.command({ query: query.replaceAll('DB', database) });

describe('the columns of the migrations', () => {
  it('are those that a real server tells, with their types, defaults and comments', async () => {
    const stored = await writer.query(`
      SELECT table, name, type, default_kind AS kind, default_expression AS expression, comment
      FROM system.columns WHERE database = '${database}' AND table LIKE '%\\\\_raw' ORDER BY table, position`);
    const { tables } = schemaOf(MIGRATIONS);
    const columns = [...tables]
      .sort()
      .flatMap(([table, each]) => each.map((column) => ({ table, ...column })));
    expect(columns).toEqual(stored);
  });

  it('all say what they mean', () => {
    for (const [table, columns] of schemaOf(MIGRATIONS).tables)
      for (const { name, comment } of columns)
        expect({ table, name, hasComment: comment !== '' }).toMatchObject({ hasComment: true });
  });

  it('follow what later migrations change', () => {
    const sql = `
      CREATE TABLE IF NOT EXISTS {database}.t (a UInt8, b String DEFAULT 'x, (y' COMMENT 'it\\'s; b', c Array(Tuple(d UInt8, e String))) ENGINE = Memory;
      ALTER TABLE {database}.t ADD COLUMN IF NOT EXISTS f UInt8 COMMENT 'f' AFTER a;
      ALTER TABLE {database}.t MODIFY COLUMN IF EXISTS a UInt16;
      ALTER TABLE {database}.t DROP COLUMN IF EXISTS c;
      CREATE VIEW IF NOT EXISTS {database}.gone AS SELECT 1;
      DROP VIEW IF EXISTS {database}.gone;`;
    const { tables, views } = schemaOf([{ version: 1, name: 'x', sql }]);
    const plain = { kind: '', expression: '', comment: '' };
    expect(tables.get('t')).toEqual([
      { ...plain, name: 'a', type: 'UInt16' },
      { ...plain, name: 'f', type: 'UInt8', comment: 'f' },
      { name: 'b', type: 'String', kind: 'DEFAULT', expression: `'x, (y'`, comment: `it\\'s; b` },
    ]);
    expect(views.size).toBe(0);
    const odd = { version: 2, name: 'y', sql: 'ALTER TABLE {database}.t RENAME COLUMN a TO z' };
    expect(() => schemaOf([odd])).toThrow(
      'cannot tell the columns of: ALTER TABLE {database}.t RENAME COLUMN a TO z',
    );
  });
});

describe('the check of a schema', () => {
  it('finds nothing to say of one that the migrations made', async () => {
    expect(await drift()).toEqual([]);
  });

  it('names every column that is missing, other, or not of the schema', async () => {
    await command('ALTER TABLE DB.tick_raw DROP COLUMN side');
    await command('ALTER TABLE DB.depth_raw ADD COLUMN note String');
    await command('ALTER TABLE DB.gap_raw MODIFY COLUMN to_sequence Nullable(UInt32)');
    await command(`ALTER TABLE DB.tick_raw MODIFY COLUMN is_superseded UInt8 DEFAULT 1`);
    await command('ALTER TABLE DB.bars_raw RENAME COLUMN vwap TO average');
    expect([...(await drift())].sort()).toEqual([
      'bars_raw.average is not of the schema',
      'bars_raw.vwap is missing',
      'depth_raw.note is not of the schema',
      'gap_raw.to_sequence is Nullable(UInt32), not Nullable(UInt64)',
      'tick_raw.is_superseded is UInt8 DEFAULT 1, not UInt8 DEFAULT 0',
      'tick_raw.side is missing',
    ]);
  });

  it('names tables and views that are missing', async () => {
    await command('DROP TABLE DB.quarantine_raw');
    await command('DROP VIEW DB.depth');
    expect(await drift()).toEqual(['quarantine_raw is missing', 'depth is missing']);
  });

  it('names what a view shows otherwise', async () => {
    await command(
      'CREATE OR REPLACE VIEW DB.gap AS SELECT venue, 1 AS symbol, 2 AS one FROM DB.gap_raw FINAL',
    );
    const lines = await drift();
    expect(lines).toEqual(
      expect.arrayContaining([
        'gap.symbol is UInt8, not LowCardinality(String)',
        'gap.cause is missing',
        'gap.one is not of the schema',
      ]),
    );
    expect(lines.filter((line) => !line.startsWith('gap.'))).toEqual([]);
  });

  it('names migrations that are not applied', async () => {
    expect(await schemaDrift({ url: server.url, database: 'empty' })).toEqual(
      MIGRATIONS.map(({ version, name }) => `migration 00${version}_${name} is not applied`),
    );
  });
});
