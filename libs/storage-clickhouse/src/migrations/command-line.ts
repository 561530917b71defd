import { parseArgs } from 'node:util';
import type { MigrateOptions } from './migrate.js';
import type { Days, Retention } from './retention.js';

export const USAGE = `Usage: autotrader-migrate --url URL [options]

Brings a ClickHouse database to the current schema.

  --url URL          of the HTTP interface: http://127.0.0.1:8123
  --database NAME    default market_data; created unless it is there
  --username NAME    default: default; the password is taken from CLICKHOUSE_PASSWORD
  --dry-run          print the statements, change nothing
  --check            change nothing; name what differs from the migrations, and exit with 1 if anything does

On a cluster:
  --cluster NAME     as in remote_servers: every statement ON CLUSTER, replicated tables, Distributed ones before them
  --without-keeper   no ON CLUSTER, nothing replicated: each server is a shard and is migrated by itself

How long rows are kept, each in days or forever; what is not named stays as it is:
  --live-days N      ticks recorded as they happened (90)       --live-depth-days N      books (30)
  --backfilled-days N   ticks of history (forever)              --backfilled-depth-days N   books (forever)

  --help`;

/** What the command line asks for. */
export interface Command {
  readonly action: 'migrate' | 'check' | 'help';
  readonly options: MigrateOptions;
  readonly retention: Retention;
}

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;

const RETENTION = {
  'live-days': 'liveTicks',
  'live-depth-days': 'liveDepth',
  'backfilled-days': 'backfilledTicks',
  'backfilled-depth-days': 'backfilledDepth',
} as const satisfies Record<string, keyof Retention>;

/**
 * Reads the arguments. The password comes by the environment only: arguments are seen by every user of the machine.
 * @throws TypeError in one line when they cannot be read.
 */
export function parseCommandLine(args: readonly string[], password: string | undefined): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ url: TEXT, database: TEXT, username: TEXT, cluster: TEXT },
      ...{ 'dry-run': FLAG, check: FLAG, 'without-keeper': FLAG, help: FLAG },
      ...{ 'live-days': TEXT, 'live-depth-days': TEXT },
      ...{ 'backfilled-days': TEXT, 'backfilled-depth-days': TEXT },
    },
  });
  const { url = '', database, username, cluster: name } = values;
  const retention: Retention = Object.fromEntries(
    Object.entries(RETENTION).flatMap(([option, what]) => {
      const days = values[option as keyof typeof RETENTION];
      return days === undefined ? [] : [[what, daysOf(option, days)]];
    }),
  );
  const action = values.help ? 'help' : values.check ? 'check' : 'migrate';
  if (url === '' && action !== 'help')
    throw new TypeError('--url says where ClickHouse is, and is missing: see --help');
  if (values['without-keeper'] && name === undefined)
    throw new TypeError('--without-keeper says something of a cluster: name it with --cluster');
  const cluster = name === undefined ? undefined : { name, hasKeeper: !values['without-keeper'] };
  const dryRun = values['dry-run'];
  return { action, options: { url, database, username, password, dryRun, cluster }, retention };
}

function daysOf(option: string, text: string): Days {
  if (text === 'forever') return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new TypeError(`--${option} must be a whole number of days, or forever, not "${text}"`);
}
