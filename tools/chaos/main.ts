import { parseArgs } from 'node:util';
import { runChaos } from './chaos.js';
import { isGood, reportOf } from './report.js';

const HELP = `Kills, cuts and fills: a simulated venue, a collector, a ClickHouse and the link between them,
then holds what is stored against what the market did. Exits 0 when nothing is lost, doubled or wrong.

  npm run chaos -- [--seconds N] [--faults N] [--seed N] [--collectors N] [--verbose]

  --seconds N   faults for so long (60, or without an end when --faults is given)
  --faults N    end after so many faults
  --seed N      which faults in which order (a random one; it is printed)
  --collectors N  so many record the same symbols at once (1); of several, one at least always runs,
                and then everything the market did must be stored
  --verbose     say what happens
`;

function count(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name} must be a whole number, not ${text}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      faults: { type: 'string' },
      seed: { type: 'string' },
      collectors: { type: 'string' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const seed = count('seed', values.seed, Math.floor(Math.random() * 1e9));
  const faults = count('faults', values.faults, Infinity);
  const seconds = count('seconds', values.seconds, faults === Infinity ? 60 : Infinity);
  const collectors = Math.max(1, count('collectors', values.collectors, 1));
  console.error(`chaos with seed ${seed}`);
  const say = (line: string): void => {
    if (values.verbose === true) console.error(`${new Date().toISOString()} ${line}`);
  };
  const result = await runChaos({ seed, collectors, faults, seconds, say });
  console.log(reportOf(result));
  return isGood(result) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
