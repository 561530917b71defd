import type { Readable } from 'node:stream';
import type { Connection } from './connection.js';
import { refusal } from './refusal.js';

/** How exported rows are written. */
export const EXPORT_FORMATS = { parquet: 'Parquet', csv: 'CSVWithNames', arrow: 'Arrow' } as const;
/** How exported rows are written. */
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/**
 * The rows of a SELECT as a file, as it comes; it is to be read to its end or destroyed. The server has finished it before the
 * first byte, so that no error can hide in it.
 * @throws StorageError REJECTED when the server refuses, UNREACHABLE when it does not answer.
 */
export async function exportRows(
  connection: Connection,
  sql: string,
  format: ExportFormat,
): Promise<Readable> {
  const { client, database } = connection;
  try {
    const { stream } = await client.exec({
      query: `${sql} FORMAT ${EXPORT_FORMATS[format]}`,
      clickhouse_settings: { date_time_output_format: 'iso', wait_end_of_query: 1 },
      http_headers: { 'X-ClickHouse-Database': database },
    });
    return stream;
  } catch (error) {
    throw refusal(connection, error);
  }
}
