import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { selectRows } from '../server/rows.js';

const ONE_BLOCK_ROWS = 2 ** 30;

/**
 * Everything an insert's meaning depends on, said on each insert: defaults differ between versions (since 26.2
 * inserts are asynchronous) and profiles. One batch is one block, so one token covers it whole. Copies of a row
 * within a block are left to merges and to FINAL: removing them at the insert takes the server 40 % longer.
 */
const PINNED: Readonly<Record<string, string | number>> = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_insert: 'enable',
  deduplicate_blocks_in_dependent_materialized_views: 1,
  max_insert_block_size: ONE_BLOCK_ROWS,
  min_insert_block_size_rows: ONE_BLOCK_ROWS,
  min_insert_block_size_bytes: 0,
  max_insert_block_size_bytes: 0,
  min_insert_block_size_rows_for_materialized_views: 0,
  min_insert_block_size_bytes_for_materialized_views: 0,
  optimize_on_insert: 0,
  input_format_parallel_parsing: 0,
  insert_null_as_default: 0,
  input_format_null_as_default: 0,
  send_progress_in_http_headers: 0,
  // Whether a batch is split must depend on nothing but the batch, or a repetition would not be one.
  max_partitions_per_insert_block: 100,
  throw_on_max_partitions_per_insert_block: 1,
  // Into a Distributed table: acknowledged once the shards have it, not once it waits to be sent to them.
  distributed_foreground_insert: 1,
};

/** The pinned settings that this server knows: an unknown one would fail the insert. */
export async function pinnedSettings(client: ClickHouseClient): Promise<ClickHouseSettings> {
  const names = Object.keys(PINNED).map((name) => `'${name}'`);
  const query = `SELECT name FROM system.settings WHERE name IN (${names.join(', ')})`;
  const known = await selectRows<{ name: string }>(client, query);
  return Object.fromEntries(known.flatMap(({ name }) => (name in PINNED ? [[name, PINNED[name]]] : [])));
}
