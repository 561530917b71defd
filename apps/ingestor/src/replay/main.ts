import { Command, InvalidArgumentError, Option } from 'commander';
import { userPath } from '../invocation.js';
import { createLog } from '../log.js';
import { runCommand } from '../run-command.js';
import { StatusLine } from '../status-line.js';
import { replay } from './replay.js';

interface Options {
  readonly recording: string;
  readonly speed: 'max' | number;
  readonly clickhouse?: string;
  readonly data: string;
}

function speed(text: string): 'max' | number {
  if (text === 'max') return 'max';
  const times = Number(text);
  if (!(times > 0))
    throw new InvalidArgumentError('max, 1 for the speed it was recorded at, or another factor.');
  return times;
}

const program = new Command('replay')
  .description(
    'Plays a recording through the simulator and the real ingestor into ClickHouse, and holds the two together.',
  )
  .requiredOption('--recording <file>', 'lines of `<receive time, ns> <frame>`; plain, .gz or .xz')
  .option('--speed <speed>', 'max, 1 for the speed it was recorded at, or another factor', speed, 'max')
  .addOption(new Option('--clickhouse <url>', 'a ClickHouse server').conflicts('data'))
  .option('--data <dir>', 'folder of an embedded ClickHouse', './data')
  .action(({ recording, speed: times, clickhouse, data }: Options) =>
    runCommand(async (signal) => {
      const statusLine = new StatusLine();
      const log = createLog('info', statusLine);
      const target = clickhouse === undefined ? { dataDir: userPath(data) } : { url: clickhouse };
      const report = await replay(
        userPath(recording),
        { speed: times, clickhouse: target },
        { log, statusLine },
        signal,
      );
      process.stdout.write(`${JSON.stringify(report)}\n`);
      return report.agree ? 0 : 1;
    }),
  );

await program.parseAsync();
