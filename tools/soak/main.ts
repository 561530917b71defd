import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { runCommand, userPath } from '@autotrader/runtime';
import { plotOf } from './plot.js';
import { reportOf, sampleHead, sampleLine } from './report.js';
import { isGood, runSoak } from './soak.js';

/** Timers count no further than 24 days. */
const MOST_MINUTES = 30_000;

function above0(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MOST_MINUTES) return value;
  throw new InvalidArgumentError(`a number above 0 and up to ${MOST_MINUTES} is wanted.`);
}

function seed(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a whole number is wanted.');
}

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly reconnectSeconds: number;
  readonly plot: string;
}

const program = new Command('soak')
  .description(
    'Runs the ingestor for long, at 5,000 events a second of simulated venues whose connections are cut at random, and watches its\n' +
      'memory, handles and lag. Exits 0 when nothing is lost. Ctrl-C ends it early, and it reports what it has seen.',
  )
  .option('--minutes <n>', 'for so long', above0, 30)
  .option('--seed <n>', 'which connections are cut when', seed, 1)
  .option('--reconnect-seconds <n>', 'mean time between two cuts', above0, 20)
  .option('--plot <file>', 'SVG of what was seen', './soak.svg')
  .addHelpText('after', '\nExample:\n  npm run soak -- --minutes 30')
  .action((options: Options) =>
    runCommand(async (signal) => {
      console.log(sampleHead());
      const result = await runSoak(
        { ...options, onSample: (sample) => console.log(sampleLine(sample)) },
        signal,
      );
      const plot = userPath(options.plot);
      await writeFile(plot, plotOf(result.samples));
      console.log(`${reportOf(result)}\nthe plot is in ${plot}`);
      return isGood(result) ? 0 : 1;
    }),
  );

await program.parseAsync();
