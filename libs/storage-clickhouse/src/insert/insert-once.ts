import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { EncodedBatch } from '../encode/encode-batch.js';
import { reasonOf, StorageError } from '../errors.js';

/** Where inserts go and how. */
export interface InsertTarget {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly settings: ClickHouseSettings;
  /** Ends the request at once. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a batch once; resolves when the server says that all of it is written, be it now or by an earlier
 * attempt with the same token (the server counts the rows of a repeated batch as written, too).
 * @throws StorageError SHORT_WRITE when it acknowledged less; what the client throws when it refused.
 */
export async function insertOnce(target: InsertTarget, batch: EncodedBatch): Promise<void> {
  const { client, database, settings, signal } = target;
  const { stream, summary } = await client.exec({
    query: `INSERT INTO ${database}.${batch.table} (${batch.columns.join(', ')}) FORMAT ArrowStream`,
    values: Readable.from([Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)], {
      objectMode: false,
    }),
    clickhouse_settings: {
      ...settings,
      insert_deduplication_token: batch.token,
      wait_end_of_query: 1,
    },
    ...(signal && { abort_signal: signal }),
  });
  const answer = await text(stream);
  if (answer !== '') throw new StorageError('REJECTED', `ClickHouse answered an insert: ${reasonOf(answer)}`);
  checkWritten(batch, summary?.written_rows);
}

/** Rows that materialized views wrote are counted with ours, so more is right and less is not. */
function checkWritten({ table, rows }: EncodedBatch, written: string | undefined): void {
  if (Number(written) >= rows) return;
  const said =
    written === undefined ? 'sent no X-ClickHouse-Summary (does a proxy strip it?)' : `wrote ${written}`;
  throw new StorageError('SHORT_WRITE', `ClickHouse was sent ${rows} rows for ${table} and ${said}`);
}
