#!/usr/bin/env node
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildMeasured } from './build.mjs';
import { machine, machineLine } from './machine.mjs';
import { toMarkdown } from './rows.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const projectRoot = resolve(here, '../..');
const names = readdirSync(here)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''))
  .sort();

const HELP = `npm run bench -- [options]

Builds what is measured, measures one bench after another, and prints one table. Peers are installed by the first run.

  --only NAME        only this bench (repeatable): ${names.join(', ')}
  --rounds N         normalise: rounds of the comparison (7)
  --events N         pipeline: events of each mix (3000000)
  --seconds N        latency, bars (30), memory and outage (60): length of each measurement
  --recordings DIR   recorded market data (../shared/recordings, seen from the project's root)
  --profile DIR      writes a CPU profile of every ingestor there (figures are lower then)
  --no-build         measures the libraries' dist as it is
  --json             one JSON object instead of the table
  --help

Exits 0 when every bench ran, whether aims were met or not; 1 when one failed or was asked for by name and could not run.`;

function options() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '7' },
      events: { type: 'string', default: '3000000' },
      seconds: { type: 'string' },
      recordings: { type: 'string', default: join(projectRoot, '../shared/recordings') },
      profile: { type: 'string' },
      build: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const unknown = values.only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`no bench is called ${unknown}: choose from ${names.join(', ')}`);
  return {
    ...values,
    ...wholeNumbers(values, ['rounds', 'events', 'seconds']),
    recordings: resolve(values.recordings),
    profile: values.profile && resolve(values.profile),
    projectRoot,
  };
}

function wholeNumbers(values, options) {
  const given = options.filter((option) => values[option] !== undefined);
  return Object.fromEntries(
    given.map((option) => {
      const number = Number(values[option]);
      if (Number.isInteger(number) && number >= 1) return [option, number];
      throw new Error(`--${option} takes a whole number of 1 or more, not ${values[option]}`);
    }),
  );
}

function runBench(name, chosen) {
  return new Promise((done) => {
    const child = fork(join(here, 'measure.mjs'), [name, JSON.stringify(chosen)], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 2, 'inherit', 'ipc'],
      serialization: 'advanced', // JSON knows no Infinity
    });
    child.once('message', done);
    child.once('exit', (code, signal) =>
      done({ name, failed: true, reason: `ended early (${signal ?? code})` }),
    );
  });
}

function print(results, on, json) {
  if (json) return console.log(JSON.stringify({ machine: on, benches: results }, null, 2));
  const details = results.map(({ details }) => details).filter((text) => text !== undefined);
  console.log([machineLine(on), toMarkdown(results), ...details].join('\n\n'));
}

async function main() {
  const chosen = options();
  if (chosen.help) return console.log(HELP);
  const on = machine();
  await buildMeasured(projectRoot, chosen.build);
  const results = [];
  for (const name of chosen.only ?? names) results.push(await runBench(name, chosen));
  print(results, on, chosen.json);
  const wrong = results.some(
    ({ failed, reason }) => failed || (chosen.only !== undefined && reason !== undefined),
  );
  process.exitCode = wrong ? 1 : 0;
}

await main().catch((error) => {
  console.error(`bench: ${error.message} (npm run bench -- --help)`);
  process.exitCode = 1;
});
