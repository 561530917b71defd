import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterAll, describe, expect, it } from '@jest/globals';
import { connect } from '../server/connection.js';
import { fakeClickHouse } from '../testing/fake-clickhouse.js';
import { scratchServer } from '../testing/scratch-server.js';
import { pinnedSettings } from './settings.js';

const server = scratchServer(startClickHouse);
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

function clientOf(url: string) {
  const { client } = connect({ url });
  closers.push(() => client.close());
  return client;
}

describe('the settings of an insert', () => {
  it('keep it synchronous, deduplicated by its token through to the views, and one block', async () => {
    expect(await pinnedSettings(clientOf(server.url))).toEqual({
      async_insert: 0,
      insert_deduplicate: 1,
      deduplicate_insert: 'enable',
      deduplicate_blocks_in_dependent_materialized_views: 1,
      max_insert_block_size: 1_073_741_824,
      min_insert_block_size_rows: 1_073_741_824,
      min_insert_block_size_bytes: 0,
      max_insert_block_size_bytes: 0,
      min_insert_block_size_rows_for_materialized_views: 0,
      min_insert_block_size_bytes_for_materialized_views: 0,
      optimize_on_insert: 0,
      input_format_parallel_parsing: 0,
      insert_null_as_default: 0,
      input_format_null_as_default: 0,
      send_progress_in_http_headers: 0,
      max_partitions_per_insert_block: 100,
      throw_on_max_partitions_per_insert_block: 1,
      distributed_foreground_insert: 1,
    });
  });

  it('are those that the server knows: an older one lacks some', async () => {
    const known = ['async_insert', 'insert_deduplicate'];
    const rows = known.map((name) => `${JSON.stringify({ name })}\n`).join('');
    const old = await fakeClickHouse((response) => response.end(rows));
    closers.push(old.close);
    expect(await pinnedSettings(clientOf(old.url))).toEqual({ async_insert: 0, insert_deduplicate: 1 });
  });
});
