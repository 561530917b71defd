#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { StorageError } from './errors.js';
import { migrate, type MigrateOptions } from './migrations/migrate.js';

const USAGE = `Usage: autotrader-migrate --url URL [options]

Brings a ClickHouse database to the current schema.

  --url URL          of the HTTP interface: http://127.0.0.1:8123
  --database NAME    default market_data; created unless it is there
  --username NAME    default: default; the password is taken from CLICKHOUSE_PASSWORD
  --dry-run          print the statements, change nothing
  --help`;

/** The password comes by the environment only: arguments are seen by every user of the machine. */
function parseCommandLine(): MigrateOptions | 'help' {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      database: { type: 'string' },
      username: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { url, database, username, 'dry-run': dryRun, help } = values;
  if (help) return 'help';
  if (url === undefined) throw new TypeError('--url says where ClickHouse is, and is missing: see --help');
  return { url, database, username, password: process.env.CLICKHOUSE_PASSWORD, dryRun };
}

async function run(options: MigrateOptions): Promise<void> {
  const steps = await migrate(options);
  if (steps.length === 0) console.log('nothing to do: the schema is current');
  for (const { name, statements } of steps) {
    if (options.dryRun !== true) console.log(`${name} applied`);
    else console.log([`-- ${name} would be applied`, ...statements.map((each) => `${each};\n`)].join('\n'));
  }
}

function fail(error: unknown): void {
  process.exitCode = 1;
  const isPlain = error instanceof StorageError || error instanceof TypeError;
  console.error(isPlain ? `error: ${error.message}` : error);
}

try {
  const options = parseCommandLine();
  if (options === 'help') console.log(USAGE);
  else run(options).catch(fail);
} catch (error) {
  fail(error);
}
