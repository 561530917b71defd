import { Command, InvalidArgumentError, Option } from 'commander';
import { runCommand, userPath } from '@autotrader/runtime';
import { createLog } from '../log.js';
import { StatusLine } from '../status-line.js';
import { replay } from './replay.js';

interface Options {
  readonly recording: string;
  readonly speed: 'max' | number;
  readonly clickhouse?: string;
  readonly data: string;
}

function speed(text: string): 'max' | number {
  const times = Number(text);
  if (text !== 'max' && !(times > 0 && times < Infinity))
    throw new InvalidArgumentError('max, 1 for the speed it was recorded at, or another factor is wanted.');
  return text === 'max' ? text : times;
}

function httpUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('an address like http://host:8123 is wanted.');
}

const program = new Command('replay')
  .description(
    'Plays a recording through a simulated Binance, a real socket and the real ingestor into ClickHouse.\n' +
      'Prints one JSON object with what was sent and what is stored of each stream, and exits 0 if the two agree.\n' +
      "Receive times are the recording's own, so a second replay gives the same rows.",
  )
  .requiredOption('--recording <file>', 'lines of `<receive time, ns> <frame>`: plain, .gz or .xz')
  .option('--speed <speed>', 'max, 1 for the speed it was recorded at, or another factor', speed, 'max')
  .addOption(
    new Option('--clickhouse <url>', 'a ClickHouse server; the address may hold user and password')
      .argParser(httpUrl)
      .conflicts('data'),
  )
  .option('--data <dir>', 'folder of the ClickHouse that is started for it otherwise', './data')
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  npx nx run ingestor:replay -- --recording btcusdt.txt.gz\n' +
      '  npx nx run ingestor:replay -- --recording btcusdt.txt.gz --speed 1 --clickhouse http://localhost:8123',
  )
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
      return report.agree && report.isComplete ? 0 : 1;
    }),
  );

await program.parseAsync();
