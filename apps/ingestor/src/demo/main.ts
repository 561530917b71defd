import { Command, InvalidArgumentError } from 'commander';
import { runCommand } from '@autotrader/runtime';
import { createLog } from '../log.js';
import { StatusLine } from '../status-line.js';
import { runDemo } from './demo.js';

/** Timers count no further than 24 days. */
const MOST_SECONDS = 2_000_000;

function duration(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MOST_SECONDS) return value;
  throw new InvalidArgumentError(`a number of seconds above 0 and up to ${MOST_SECONDS} is wanted.`);
}

const program = new Command('demo')
  .description(
    'Records simulated venues into an embedded ClickHouse, and back-fills a few hours beside: no account, no network.\n' +
      'Ctrl-C ends it; it then prints what was sent and what is stored, and exits 0 if the two agree.\n' +
      'Its data is in a temporary folder, which is removed at the end.',
  )
  .option('--seconds <n>', 'stop by itself after so many seconds of recording', duration)
  .addHelpText('after', '\nExample:\n  npm run demo -- --seconds 15')
  .action(({ seconds }: { seconds?: number }) =>
    runCommand(async (signal) => {
      const statusLine = new StatusLine();
      const log = createLog('info', statusLine, true);
      const { table, isComplete } = await runDemo(
        { log, statusLine },
        signal,
        seconds === undefined ? {} : { seconds },
      );
      process.stdout.write(`${table}\n`);
      return isComplete ? 0 : 1;
    }),
  );

await program.parseAsync();
