import type { ClickHouseClient } from '@clickhouse/client';
import type { Connection } from './connection.js';
import { refusal } from './refusal.js';

/** Times as RFC 3339 with six decimals; 64-bit integers as numbers (ids of events are below 2^53). */
const READ_SETTINGS = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
} as const;

/** What a SELECT may come with. */
export interface SelectOptions {
  /** Values for `{name:Type}` in the query. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where tables without a database are looked for; it must be there. */
  readonly database?: string;
}

/** The rows of a SELECT, column by name. */
export async function selectRows<Row>(
  client: ClickHouseClient,
  query: string,
  { parameters = {}, database }: SelectOptions = {},
): Promise<Row[]> {
  const answer = await client.query({
    query,
    query_params: parameters,
    format: 'JSONEachRow',
    clickhouse_settings: READ_SETTINGS,
    ...(database !== undefined && { http_headers: { 'X-ClickHouse-Database': database } }),
  });
  return answer.json<Row>();
}

/**
 * The rows of a SELECT on the connection's database.
 * @throws StorageError REJECTED when the server refuses, UNREACHABLE when it does not answer.
 */
export async function queryRows<Row>(connection: Connection, sql: string): Promise<Row[]> {
  try {
    return await selectRows<Row>(connection.client, sql, { database: connection.database });
  } catch (error) {
    throw refusal(connection, error);
  }
}
