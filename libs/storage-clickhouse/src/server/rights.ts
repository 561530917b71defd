import { text } from 'node:stream/consumers';
import { ClickHouseError } from '@clickhouse/client';
import { StorageError } from '../errors.js';
import { insertedColumns } from './columns.js';
import type { Connection } from './connection.js';
import { selectRows } from './rows.js';

const SYNTAX_ERROR = '62';

/**
 * Makes sure that the user may write.
 * @throws StorageError READ_ONLY.
 */
export async function checkRights(connection: Connection): Promise<void> {
  const { client, database } = connection;
  const readonly = `SELECT value FROM system.settings WHERE name = 'readonly'`;
  const [setting] = await selectRows<{ value: string }>(client, readonly);
  if (setting !== undefined && setting.value !== '0') throw readOnly(connection, 'may only read');
  for (const table of insertedColumns().keys()) {
    if (!(await mayInsert(connection, `${database}.${table}`)))
      throw readOnly(connection, `may not insert into ${database}.${table}`);
  }
}

/** The user may not do it, whatever it is. */
export function readOnly({ url, username }: Connection, whatNot: string): StorageError {
  const what = `user "${username}" of ClickHouse at ${url} ${whatNot}`;
  return new StorageError(
    'READ_ONLY',
    `${what}: grant it INSERT, or set clickhouse.username to one that has it`,
  );
}

/** A server that is too old to be asked is believed to let us: an insert will tell. */
async function mayInsert({ client }: Connection, table: string): Promise<boolean> {
  try {
    const { stream } = await client.exec({ query: `CHECK GRANT INSERT ON ${table}` });
    return (await text(stream)).trim() !== '0';
  } catch (error) {
    if (error instanceof ClickHouseError && error.code === SYNTAX_ERROR) return true;
    throw error;
  }
}
