import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { selectRows } from '../server/rows.js';
import { longerBars, storedLonger } from './longer-bars.js';
import { minuteBars, storedMinutes } from './minute-bars.js';
import type { Span } from './spans.js';
import { type Copies, type LosingMinute, markSuperseded, selectLosing } from './superseded.js';

/** Where bars are computed. */
export interface BarServer {
  readonly client: ClickHouseClient;
  readonly database: string;
  /** Ends the request at once. */
  readonly signal?: AbortSignal | undefined;
}

/** What a statement's meaning or cost depends on, said on each. */
const PINNED: Readonly<Record<string, number>> = {
  async_insert: 0,
  precise_float_parsing: 1,
  // Copies of a tick may lie in the partitions of either origin.
  do_not_merge_across_partitions_select_final: 0,
  // The key of a tick contains its minute, and so its day: copies are never left out with a partition.
  defer_partition_pruning_after_final: 0,
  // Of a cluster: a bar is stored on its shard when the statement ends.
  distributed_foreground_insert: 1,
  // Bytes; a statement may name many symbols.
  max_query_size: 4 * 1024 * 1024,
};

/** The pinned settings that this server knows. */
export async function barSettings({ client }: BarServer): Promise<ClickHouseSettings> {
  const names = Object.keys(PINNED).map((name) => `'${name}'`);
  const query = `SELECT name FROM system.settings WHERE name IN (${names.join(', ')})`;
  const known = await selectRows<{ name: string }>(client, query);
  return Object.fromEntries(known.flatMap(({ name }) => (name in PINNED ? [[name, PINNED[name]]] : [])));
}

/** Computes minute bars anew, and then the longer ones that they are part of. */
export async function refreshBars(
  server: BarServer,
  settings: ClickHouseSettings,
  spans: Span[],
): Promise<void> {
  const minutes = await versionFor(server, storedMinutes(spans));
  await run(server, settings, minuteBars(server.database, spans, minutes));
  const longer = await versionFor(server, storedLonger(spans));
  await run(server, settings, longerBars(server.database, spans, longer));
}

/** Marks rows that are copies of an event of an earlier minute. @returns the minutes that they are in. */
export async function supersede(
  server: BarServer,
  settings: ClickHouseSettings,
  table: Copies['table'],
  copies: Copies[],
): Promise<LosingMinute[]> {
  const { client, database } = server;
  const losing = await selectRows<LosingMinute>(client, selectLosing(database, table, copies));
  if (losing.length > 0) await run(server, settings, markSuperseded(database, table, copies));
  return losing;
}

/**
 * The clock of the server, in microseconds, before anything is read (docs/decisions tells why the bar of the
 * greatest version has then seen all ticks); or more, where the clock was set back since a bar was stored.
 */
async function versionFor({ client, database }: BarServer, stored: string): Promise<number> {
  const query = `
    SELECT greatest(toUInt64(toUnixTimestamp64Micro(now64(6))), max(version) + 1) AS version
    FROM ${database}.bars_raw WHERE source = 'ticks' AND ${stored}`;
  const [row] = await selectRows<{ version: number }>(client, query);
  if (row === undefined) throw new TypeError('an aggregate without a row');
  return row.version;
}

async function run(
  { client, signal }: BarServer,
  settings: ClickHouseSettings,
  query: string,
): Promise<void> {
  await client.command({
    query,
    clickhouse_settings: { ...settings, wait_end_of_query: 1 },
    ...(signal && { abort_signal: signal }),
  });
}
