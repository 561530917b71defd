import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { programArguments } from '@autotrader/connector-core/testing';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Storage } from '../storage.js';
import { scratchServer } from '../testing/scratch-server.js';
import { schemaDrift } from './drift.js';
import { migrate } from './migrate.js';
import type { Migration } from './migration.js';
import { MIGRATIONS } from './migrations.generated.js';

const server = scratchServer(startClickHouse);
let storage: Storage;
let databases = 0;
let database = '';
beforeAll(async () => {
  storage = await server.open();
});
beforeEach(() => {
  database = `test_${++databases}`;
});

const first: Migration = {
  version: 1,
  name: 'first',
  sql: 'CREATE TABLE IF NOT EXISTS {database}.a (x UInt8) ENGINE = Memory; CREATE TABLE IF NOT EXISTS {database}.b (x UInt8) ENGINE = Memory;',
};
const second: Migration = {
  version: 2,
  name: 'second',
  sql: 'ALTER TABLE {database}.a ADD COLUMN IF NOT EXISTS y UInt8;',
};
const broken: Migration = { ...first, sql: first.sql.replace('{database}.b (x', '{database}.b (x y') };

const run = (migrations: readonly Migration[], dryRun = false) =>
  migrate({ url: server.url, database, migrations, dryRun });
const names = (steps: readonly { name: string }[]): string[] => steps.map(({ name }) => name);
const ledger = () => storage.query(`SELECT version, name FROM ${database}.schema_migration ORDER BY version`);
const tables = async (): Promise<string[]> => {
  const rows = await storage.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = '${database}' ORDER BY name`,
  );
  return names(rows);
};

describe('migrate', () => {
  it('creates the database, applies what it lacks in order, and the second time does nothing', async () => {
    expect(names(await run([second, first]))).toEqual(['001_first', '002_second']);
    expect(await tables()).toEqual(['a', 'b', 'schema_migration']);
    expect(await ledger()).toEqual([
      { version: 1, name: 'first' },
      { version: 2, name: 'second' },
    ]);
    expect(await run([first, second])).toEqual([]);
  });

  it('applies only what is new', async () => {
    await run([first]);
    expect(names(await run([first, second]))).toEqual(['002_second']);
  });

  it('refuses an applied migration that was changed, in one line, and applies nothing', async () => {
    await run([first]);
    const changed = { ...first, sql: `${first.sql} SELECT 1` };
    await expect(run([changed, second])).rejects.toMatchObject({
      name: 'StorageError',
      code: 'MIGRATION',
      message:
        'migration 001_first was changed after it had been applied: undo the change and write it as a new migration',
    });
    expect(await ledger()).toHaveLength(1);
  });

  it('changes nothing in a dry run, not even an empty server, and says every statement', async () => {
    const steps = await run([first, second], true);
    expect(steps).toEqual([
      {
        name: '001_first',
        statements: ['a', 'b'].map(
          (table) => `CREATE TABLE IF NOT EXISTS ${database}.${table} (x UInt8) ENGINE = Memory`,
        ),
      },
      { name: '002_second', statements: [`ALTER TABLE ${database}.a ADD COLUMN IF NOT EXISTS y UInt8`] },
    ]);
    expect(await storage.query(`SELECT 1 FROM system.databases WHERE name = '${database}'`)).toEqual([]);
  });

  it('stops at a statement that fails, names it, and completes the migration when run again', async () => {
    await expect(run([broken, second])).rejects.toMatchObject({
      code: 'MIGRATION',
      message: expect.stringMatching(
        /^migration 001_first failed at http:.* \(.*\): set right what it says and .*$/,
      ),
    });
    expect(await tables()).toEqual(['a', 'schema_migration']);
    expect(await ledger()).toEqual([]);
    expect(names(await run([first, second]))).toEqual(['001_first', '002_second']);
    expect(await tables()).toEqual(['a', 'b', 'schema_migration']);
  });

  it('run by several at once applies each migration, and the ledger has it once', async () => {
    await Promise.all([run(MIGRATIONS), run(MIGRATIONS), run(MIGRATIONS)]);
    expect(await run(MIGRATIONS)).toEqual([]);
    const [row] = await storage.query(`SELECT count() AS rows FROM ${database}.schema_migration FINAL`);
    expect(row).toEqual({ rows: MIGRATIONS.length });
  });
});

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const cliArguments = programArguments(cli);
const env = { ...process.env, NODE_OPTIONS: '' };

describe('a migration that is killed', () => {
  const drift = () => schemaDrift({ url: server.url, database });

  /** Starts the command, and resolves once the database has so many tables. */
  async function begin(most: number): Promise<{ child: ChildProcess; exited: Promise<unknown> }> {
    const child = spawn(process.execPath, [...cliArguments, '--url', server.url, '--database', database], {
      env,
    });
    const exited = once(child, 'exit');
    while ((await tables()).length < most && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    return { child, exited };
  }

  it('at any statement is completed by the next', async () => {
    for (const most of [1, 3, 6, 9]) {
      const { child, exited } = await begin(most);
      child.kill('SIGKILL');
      await exited;
    }
    await run(MIGRATIONS);
    expect(await drift()).toEqual([]);
    expect(await ledger()).toHaveLength(MIGRATIONS.length);
  }, 60_000);

  it('with its server is completed by the next', async () => {
    const { exited } = await begin(4);
    await server.kill();
    await exited;
    await server.restart();
    await run(MIGRATIONS);
    expect(await drift()).toEqual([]);
  }, 60_000);
});

describe('the command', () => {
  const command = (...options: string[]) =>
    promisify(execFile)(process.execPath, [...cliArguments, ...options], { env });

  it('says what it would do, does it, and then has nothing to do', async () => {
    const options = ['--url', server.url, '--database', database];
    const { stdout: plan } = await command(...options, '--dry-run');
    expect(plan).toMatch(/^-- 001_tick would be applied\nCREATE TABLE IF NOT EXISTS test_\d+\.tick_raw\n/);
    const { stdout: done } = await command(...options);
    expect(done).toBe(MIGRATIONS.map(({ version, name }) => `00${version}_${name} applied\n`).join(''));
    const { stdout: again } = await command(...options);
    expect(again).toBe('nothing to do: the schema is current\n');
  }, 30_000);

  it('checks the schema, and fails with one line for each difference', async () => {
    const options = ['--url', server.url, '--database', database];
    await command(...options);
    const { stdout } = await command(...options, '--check');
    expect(stdout).toBe('the schema is as the migrations make it\n');
    for (const column of ['side', 'bid'])
      await fetch(server.url, {
        method: 'POST',
        body: `ALTER TABLE ${database}.tick_raw DROP COLUMN ${column}`,
      });
    await expect(command(...options, '--check')).rejects.toMatchObject({
      code: 1,
      stderr: 'tick_raw.side is missing\ntick_raw.bid is missing\n',
    });
  }, 30_000);

  it('prints the statements of a cluster', async () => {
    const { stdout } = await command(
      ...['--url', server.url, '--database', database, '--cluster', 'market', '--dry-run'],
    );
    expect(stdout).toContain(`CREATE TABLE IF NOT EXISTS ${database}.tick_raw_local ON CLUSTER 'market'\n`);
    expect(stdout).toContain('ENGINE = ReplicatedReplacingMergeTree(');
    expect(await tables()).toEqual([]);
  }, 30_000);

  it('sets how long rows are kept', async () => {
    const { stdout } = await command(
      ...['--url', server.url, '--database', database, '--live-days', '7', '--backfilled-days', '3650'],
    );
    expect(stdout).toContain(
      '\nkept: liveTicks 7 days, backfilledTicks 3650 days, liveDepth 30 days, backfilledDepth forever\n',
    );
  }, 30_000);

  it.each([
    [
      ['--url', 'http://127.0.0.1:1', '--live-days', 'many'],
      /^error: --live-days must be a whole number of days, or forever, not "many"\n$/,
    ],
    [
      ['--url', 'http://127.0.0.1:1', '--without-keeper'],
      /^error: --without-keeper says something of a cluster: name it with --cluster\n$/,
    ],
    [
      ['--url', 'http://127.0.0.1:1'],
      /^error: ClickHouse at http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): .*\n$/,
    ],
    [[], /^error: --url says where ClickHouse is, and is missing: see --help\n$/],
    [['--force'], /^error: Unknown option '--force'.*\n$/],
  ])(
    'fails with one line when it is given %j',
    async (options, line) => {
      await expect(command(...options)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(line),
      });
    },
    30_000,
  );
});
