import { StorageError } from '../errors.js';
import { checkServer } from '../server/check.js';
import { connect, type Connection, type ConnectionOptions } from '../server/connection.js';
import { refusal } from '../server/refusal.js';
import { selectRows } from '../server/rows.js';
import { type Cluster, forCluster, LOCAL } from './cluster.js';

/** How long rows are kept after the time of their event: a number of days, or for ever. */
export type Days = number | 'forever';

/** How long ticks and books are kept, by how they came; what is not named stays as it is. */
export interface Retention {
  /** Ticks recorded as they happened; 90 days unless it was changed. */
  readonly liveTicks?: Days | undefined;
  /** Books recorded as they happened; 30 days unless it was changed. */
  readonly liveDepth?: Days | undefined;
  /** Ticks of history; for ever unless it was changed. */
  readonly backfilledTicks?: Days | undefined;
  /** Books of history; for ever unless it was changed. */
  readonly backfilledDepth?: Days | undefined;
}

/** Where to, and of what kind it is. */
export interface RetentionOptions extends ConnectionOptions {
  readonly cluster?: Cluster | undefined;
}

/** A TTL ends in 2106, where its DateTime does. */
const MOST_DAYS = 10_000;

/** The last moment a DateTime can tell: a TTL must be a time. */
const NEVER = 'toDateTime(4294967295)';

/** The TTL of a table whose rows are kept so long, as the migrations write it. */
export function ttl(live: Days, backfilled: Days): string {
  return `if(origin = 'live', ${until(live)}, ${until(backfilled)})`;
}

function until(days: Days): string {
  return days === 'forever' ? NEVER : `toDateTime(timestamp) + toIntervalDay(${days})`;
}

/**
 * Sets how long ticks and books are kept. Rows that are older then go with the next merges; they do not come back.
 * @returns how long each is kept now.
 * @throws StorageError CONFIGURATION when a number of days is none, MIGRATION when the tables are not those of the
 * migrations, REJECTED when the server refuses; UNREACHABLE, AUTHENTICATION, VERSION.
 */
export async function setRetention(
  options: RetentionOptions,
  retention: Retention,
): Promise<Required<Retention>> {
  for (const days of Object.values<Days | undefined>({ ...retention })) checkDays(days);
  const connection = connect(options);
  try {
    await checkServer(connection);
    const { cluster } = options;
    const ticks = await change(
      connection,
      'tick_raw',
      retention.liveTicks,
      retention.backfilledTicks,
      cluster,
    );
    const depth = await change(
      connection,
      'depth_raw',
      retention.liveDepth,
      retention.backfilledDepth,
      cluster,
    );
    const [liveTicks, backfilledTicks, liveDepth, backfilledDepth] = [...ticks, ...depth];
    return { liveTicks, backfilledTicks, liveDepth, backfilledDepth };
  } catch (error) {
    throw refusal(connection, error);
  } finally {
    await connection.client.close();
  }
}

function checkDays(days: Days | undefined): void {
  if (days === undefined || days === 'forever') return;
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return;
  const rule = `a whole number of days from 1 to ${MOST_DAYS}, or forever`;
  throw new StorageError('CONFIGURATION', `rows cannot be kept for ${days} days: name ${rule}`);
}

type Kept = readonly [live: Days, backfilled: Days];

async function change(
  connection: Connection,
  table: string,
  live: Days | undefined,
  backfilled: Days | undefined,
  cluster: Cluster | undefined,
): Promise<Kept> {
  const [wasLive, wasBackfilled] = await keptIn(connection, table);
  const kept: Kept = [live ?? wasLive, backfilled ?? wasBackfilled];
  if (kept[0] === wasLive && kept[1] === wasBackfilled) return kept;
  const statement = `ALTER TABLE ${connection.database}.${table} MODIFY TTL ${ttl(...kept)}`;
  const statements = cluster === undefined ? [statement] : forCluster(statement, cluster);
  for (const query of statements) await connection.client.command({ query });
  return kept;
}

/** How long a table keeps its rows, as its TTL says; of a cluster, as that of the server that is asked. */
async function keptIn({ client, database }: Connection, table: string): Promise<Kept> {
  const query = `
    SELECT engine_full FROM system.tables
    WHERE database = {database:String} AND name IN ('${table}', '${table}${LOCAL}') AND engine != 'Distributed'`;
  const [row] = await selectRows<{ engine_full: string }>(client, query, { parameters: { database } });
  const [, live, backfilled] =
    /TTL if\(origin = 'live', (.*?), (toDateTime\(.*?\))\)(?: SETTINGS|$)/.exec(row?.engine_full ?? '') ?? [];
  if (live !== undefined && backfilled !== undefined) return [daysOf(live), daysOf(backfilled)];
  const what = `${database}.${table} does not say how long its rows are kept`;
  throw new StorageError('MIGRATION', `${what}: run the migrations, and check the schema`);
}

function daysOf(expression: string): Days {
  const [, days] = /toIntervalDay\((\d+)\)/.exec(expression) ?? [];
  return days === undefined ? 'forever' : Number(days);
}
