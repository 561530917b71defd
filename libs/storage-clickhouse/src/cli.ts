#!/usr/bin/env node
import { StorageError } from './errors.js';
import { type Command, parseCommandLine, USAGE } from './migrations/command-line.js';
import { schemaDrift } from './migrations/drift.js';
import { migrate } from './migrations/migrate.js';
import { setRetention } from './migrations/retention.js';

async function run(command: Command): Promise<void> {
  if (command.action === 'help') return console.log(USAGE);
  if (command.action === 'check') return check(command);
  await applyMigrations(command);
  if (command.options.dryRun !== true && Object.keys(command.retention).length > 0) await keep(command);
}

async function check({ options }: Command): Promise<void> {
  const differences = await schemaDrift(options);
  if (differences.length === 0) return console.log('the schema is as the migrations make it');
  for (const each of differences) console.error(each);
  process.exitCode = 1;
}

async function applyMigrations({ options }: Command): Promise<void> {
  const steps = await migrate(options);
  if (steps.length === 0) console.log('nothing to do: the schema is current');
  for (const { name, statements } of steps) {
    if (options.dryRun !== true) console.log(`${name} applied`);
    else console.log([`-- ${name} would be applied`, ...statements.map((each) => `${each};\n`)].join('\n'));
  }
}

async function keep({ options, retention }: Command): Promise<void> {
  const kept = Object.entries(await setRetention(options, retention));
  const said = kept.map(([what, days]) => `${what} ${days === 'forever' ? days : `${days} days`}`);
  console.log(`kept: ${said.join(', ')}`);
}

function fail(error: unknown): void {
  process.exitCode = 1;
  const isPlain = error instanceof StorageError || error instanceof TypeError;
  console.error(isPlain ? `error: ${error.message}` : error);
}

try {
  run(parseCommandLine(process.argv.slice(2), process.env.CLICKHOUSE_PASSWORD)).catch(fail);
} catch (error) {
  fail(error);
}
