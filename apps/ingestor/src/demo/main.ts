import { Command, InvalidArgumentError } from 'commander';
import { createLog } from '../log.js';
import { runCommand } from '../run-command.js';
import { StatusLine } from '../status-line.js';
import { runDemo } from './demo.js';

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('a number of seconds above 0 is wanted.');
  return value;
}

const program = new Command('demo')
  .description(
    'Records a simulated Binance into an embedded ClickHouse: no account, no network. Ctrl-C ends it.',
  )
  .option('--seconds <n>', 'stop after so many seconds', positive)
  .action(({ seconds }: { seconds?: number }) =>
    runCommand(async (signal) => {
      const statusLine = new StatusLine();
      const log = createLog('info', statusLine);
      const stopping = new AbortController();
      signal.addEventListener('abort', () => stopping.abort());
      const timer = seconds === undefined ? undefined : setTimeout(() => stopping.abort(), seconds * 1000);
      return runDemo({ log, statusLine }, stopping.signal).finally(() => clearTimeout(timer));
    }),
  );

await program.parseAsync();
