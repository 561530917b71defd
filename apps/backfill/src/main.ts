import { EXPORT_FORMATS, type ExportFormat } from '@autotrader/storage-clickhouse';
import { loadSecrets, redacted, runCommand, UserError, userPath, withDotEnv } from '@autotrader/runtime';
import { Argument, Command, Option } from 'commander';
import { type CommandContext, exportAll, plan, run, status, verifyAll } from './commands.js';
import { VENUES, type VenueName } from './options/create-dataset.js';
import { checkedSettings, loadSettings } from './options/load.js';
import { SETTINGS, type Settings } from './options/settings.js';

type Given = Readonly<Record<string, unknown>>;

const FLAGS: Readonly<Record<string, string>> = {
  ...{
    symbols: '<list>',
    from: '<day>',
    to: '<day>',
    timespan: '<name>',
    multiplier: '<n>',
    transport: '<way>',
  },
  ...{ plan: '<name>', requestsPerSecond: '<n>', requestsPerMinute: '<n>', baseUrl: '<url>', retries: '<n>' },
  ...{
    concurrency: '<n>',
    clickhouse: '<url>',
    data: '<dir>',
    cache: '<dir>',
    cacheSize: '<GiB>',
    shard: '<I/N>',
  },
  leaseSeconds: '<n>',
  metricsFile: '<file>',
};
const NUMBERS = new Set([
  'multiplier',
  'requestsPerSecond',
  'requestsPerMinute',
  'retries',
  'concurrency',
  'cacheSize',
  'leaseSeconds',
]);
const EXAMPLES = `
Examples:
  npx nx run backfill:run -- dukascopy --symbols EURUSD,GBPUSD --from 2024-10-01 --to 2024-11-01
  npx nx run backfill:run -- polygon --symbols AAPL,MSFT --from 2024-01-01 --to 2024-12-31 --timespan day
  npx nx run backfill:verify -- dukascopy --symbols EURUSD --from 2024-10-01 --to 2024-10-31 --repair`;

function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Every option of a file as one of the command line. */
function withOptions(command: Command): Command {
  command.option(
    '--config <file>',
    'YAML file with any of these options, named as in it: baseUrl for --base-url',
  );
  for (const [name, schema] of Object.entries(SETTINGS)) {
    const flag = FLAGS[name];
    command.addOption(
      new Option(`${optionName(name)}${flag === undefined ? '' : ` ${flag}`}`, schema.description),
    );
  }
  return command
    .addOption(new Option('--no-adjusted', 'polygon: as traded'))
    .addOption(new Option('--no-cache', 'keep no downloads'));
}

/** The command line goes before the file. @throws UserError. */
function settingsOf(given: Given): Settings {
  const { config, ...line } = given;
  const file = typeof config === 'string' ? loadSettings(config) : {};
  const known = Object.entries(line).filter(([name]) => name in SETTINGS);
  const values = known
    .map(([name, value]) => [name, valueOf(name, value)] as const)
    .filter(([, value]) => value !== undefined);
  const own = checkedSettings(Object.fromEntries(values), optionName);
  // A place that is named on the line is meant in place of the file's.
  const { clickhouse: _, data: __, ...others } = file;
  return own.clickhouse === undefined && own.data === undefined ? { ...file, ...own } : { ...others, ...own };
}

function valueOf(name: string, value: unknown): unknown {
  // What --no-cache and --no-adjusted stand for where they are not given.
  if (name === 'cache' && value === true) return undefined;
  if (name === 'symbols' && typeof value === 'string')
    return value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  if (!NUMBERS.has(name) || typeof value !== 'string') return value;
  if (value.trim() === '' || Number.isNaN(Number(value)))
    throw new UserError(`${optionName(name)} is "${value}": a number is wanted`);
  return Number(value);
}

function execute(given: Given, work: (context: CommandContext) => Promise<number>): Promise<void> {
  return runCommand(async (signal) =>
    work({
      settings: settingsOf(given),
      secrets: await loadSecrets(
        ['POLYGON_API_KEY', 'CLICKHOUSE_PASSWORD'],
        withDotEnv(userPath('.'), process.env),
      ),
      signal,
      print: (text) => process.stdout.write(`${redacted(text)}\n`),
    }),
  );
}

const venue = (): Argument => new Argument('<venue>', 'where from').choices(VENUES);
const program = new Command('backfill')
  .description('Brings history into ClickHouse, resumable, and tells of each day whether it is complete.')
  .addHelpText('after', EXAMPLES);

withOptions(program.command('run').addArgument(venue()))
  .description(
    'Fetches what the ledger (table backfill_task) does not have yet. Ctrl-C, a crash, a second worker: it goes on where it was.\n' +
      'Prints a table, and exits 0 when all of it is there. A key of Polygon is taken from POLYGON_API_KEY, POLYGON_API_KEY_FILE or .env.',
  )
  .addHelpText('after', EXAMPLES)
  .action((name: VenueName, given: Given) => execute(given, (context) => run(name, context)));
withOptions(program.command('retry').addArgument(venue()))
  .description('Fetches only what failed before.')
  .action((name: VenueName, given: Given) => execute(given, (context) => run(name, context, true)));
withOptions(program.command('plan').addArgument(venue()))
  .description("Prints what would be fetched: how many requests, and how long at the limiter's pace.")
  .action((name: VenueName, given: Given) => execute(given, (context) => plan(name, context)));
withOptions(program.command('status'))
  .description('Prints what the ledger has, and the size of the downloads that are kept.')
  .action((given: Given) => execute(given, status));
withOptions(program.command('verify').addArgument(venue()))
  .description(
    'Holds what is stored against the ledger and the calendar of the market; prints the holes and writes them to gap.\n' +
      'Exits 0 when nothing is missing.',
  )
  .option('--repair', 'fetch the holes again, and look again', false)
  .option('--days', 'print every day', false)
  .action((name: VenueName, given: Given) =>
    execute(given, (context) =>
      verifyAll(name, context, { repair: given['repair'] === true, days: given['days'] === true }),
    ),
  );
withOptions(program.command('export').addArgument(venue()))
  .description('Streams what is stored into files, one a symbol and day.')
  .addOption(
    new Option('--format <format>', 'of the files').choices(Object.keys(EXPORT_FORMATS)).default('parquet'),
  )
  .option('--out <dir>', 'folder of the files')
  .action((name: VenueName, given: Given) =>
    execute(given, (context) => {
      const { format, out } = given as { format: ExportFormat; out?: string };
      if (out === undefined) throw new UserError('--out is missing: name a folder for the files');
      return exportAll(name, context, { format, out: userPath(out) });
    }),
  );

await program.parseAsync();
