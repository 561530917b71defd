import { reasonOf, StorageError } from '../errors.js';
import type { Connection } from './connection.js';
import { selectRows } from './rows.js';

const OLDEST = [24, 8] as const;

/**
 * Makes sure that a ClickHouse answers, lets us in, and is new enough.
 * @throws StorageError VERSION; what the client throws when it gets no answer.
 */
export async function checkServer({ client, url }: Connection): Promise<void> {
  const [row] = await selectRows<{ version: string }>(client, 'SELECT version() AS version');
  const version = row?.version ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  const message = `ClickHouse at ${url} is version ${version}: ${OLDEST.join('.')} or newer is needed`;
  throw new StorageError('VERSION', message);
}

/**
 * Creates the database unless it is there.
 * @param on `ON CLUSTER name`: on all servers of it; the one that is asked says nothing of the others.
 * @throws StorageError DATABASE when the server does not let us.
 */
export async function ensureDatabase({ client, url, database }: Connection, on = ''): Promise<void> {
  try {
    const query = 'SELECT 1 FROM system.databases WHERE name = {database:String}';
    if (on === '' && (await selectRows(client, query, { parameters: { database } })).length > 0) return;
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}${on}` });
  } catch (error) {
    const what = `database ${database} cannot be created in ClickHouse at ${url} (${reasonOf(error)})`;
    throw new StorageError('DATABASE', `${what}: create it, or grant CREATE DATABASE`, { cause: error });
  }
}
