import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { loadSecrets, runCommand, userPath, withDotEnv } from '@autotrader/runtime';
import { type Micros, parseRfc3339 } from '@autotrader/schemas';
import { loadConfig } from '../config/load.js';
import { SECRET_NAMES } from '../config/secrets.js';
import { createLog } from '../log.js';
import { StatusLine } from '../status-line.js';
import { type Reread, reread } from './reread.js';

/** 2100: as far as the columns of the tables go, and farther than anybody records. */
const FAR = 4_102_444_800_000_000;

interface Options {
  readonly config?: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly dryRun: boolean;
}

function moment(text: string): Micros {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  try {
    return parseRfc3339(full);
  } catch {
    throw new InvalidArgumentError('a day like 2026-11-27 or a moment like 2026-11-27T14:30:00Z is wanted.');
  }
}

function textOf(results: readonly Reread[]): string {
  const table = new Table({
    head: ['venue', 'in quarantine', 'read now', 'rows', 'gaps healed'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  for (const { venue, frames, read, rows, healed } of results)
    table.push([venue, frames, read, rows, healed]);
  const reasons = results.flatMap(({ venue, refused }) =>
    [...refused].map(
      ([reason, times]) => `${venue}: ${times === 0 ? '' : `${times} still cannot be read: `}${reason}`,
    ),
  );
  return [table.toString(), ...reasons].join('\n');
}

const program = new Command('reread')
  .description(
    'Reads what is in quarantine again, as after a venue has changed its protocol and the connector was changed with it, and stores what it says.\n' +
      'It may run beside the ingestor, and may be repeated: nothing is stored twice. Exits 0 when all of it could be read.',
  )
  .option('--config <file>', "the ingestor's YAML file: its venues and symbols are read again")
  .option('--from <moment>', 'only what came in from then on', moment, 0)
  .option('--to <moment>', 'only what came in before', moment, FAR)
  .option('--dry-run', 'say what could be read, and store nothing', false)
  .addHelpText(
    'after',
    '\nExample:\n  npx nx run ingestor:reread -- --config ingestor.yaml --from 2026-11-27 --dry-run',
  )
  .action((options: Options) =>
    runCommand(async () => {
      const config = loadConfig(options.config === undefined ? undefined : userPath(options.config));
      const log = createLog(config.logLevel, new StatusLine());
      const secrets = await loadSecrets(SECRET_NAMES, withDotEnv(userPath('.'), process.env));
      const results = await reread(config, { ...options, isTrial: options.dryRun, secrets, log });
      process.stdout.write(`${textOf(results)}\n`);
      return results.every(({ frames, read }) => frames === read) ? 0 : 1;
    }),
  );

await program.parseAsync();
