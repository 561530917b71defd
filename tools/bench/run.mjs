#!/usr/bin/env node
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, machineLine } from './machine.mjs';
import { toMarkdown } from './rows.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const projectRoot = resolve(here, '../..');
const names = readdirSync(here)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''))
  .sort();

const HELP = `npm run bench -- [options]

Measures the project, one bench after another, and prints one table. Peers are installed by the first run.

  --only NAME        only this bench (repeatable): ${names.join(', ')}
  --rounds N         rounds of a side-by-side comparison, 1 or more (7)
  --recordings DIR   recorded market data (../shared/recordings, seen from the project's root)
  --json             one JSON object instead of the table
  --help

Exits 0 when every bench ran, whether aims were met or not; 1 when one failed or was asked for by name and could not run.`;

function options() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '7' },
      recordings: { type: 'string', default: join(projectRoot, '../shared/recordings') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`no bench is called ${unknown}: choose from ${names.join(', ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a whole number of 1 or more, not ${values.rounds}`);
  return { ...values, rounds, recordings: resolve(values.recordings) };
}

function runBench(name, { rounds, recordings }) {
  return new Promise((done) => {
    const child = fork(
      join(here, 'measure.mjs'),
      [name, JSON.stringify({ rounds, recordings, projectRoot })],
      {
        execArgv: ['--expose-gc'],
        stdio: ['ignore', 2, 'inherit', 'ipc'],
      },
    );
    child.once('message', done);
    child.once('exit', (code, signal) =>
      done({ name, failed: true, reason: `ended early (${signal ?? code})` }),
    );
  });
}

function print(results, json) {
  const on = machine();
  if (json) return console.log(JSON.stringify({ machine: on, benches: results }, null, 2));
  const details = results.map(({ details }) => details).filter((text) => text !== undefined);
  console.log([machineLine(on), toMarkdown(results), ...details].join('\n\n'));
}

async function main() {
  const chosen = options();
  if (chosen.help) return console.log(HELP);
  const results = [];
  for (const name of chosen.only ?? names) results.push(await runBench(name, chosen));
  print(results, chosen.json);
  const wrong = results.some(
    ({ failed, reason }) => failed || (chosen.only !== undefined && reason !== undefined),
  );
  process.exitCode = wrong ? 1 : 0;
}

await main().catch((error) => {
  console.error(`bench: ${error.message} (npm run bench -- --help)`);
  process.exitCode = 1;
});
