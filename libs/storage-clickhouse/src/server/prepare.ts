import type { ClickHouseSettings } from '@clickhouse/client';
import { StorageError } from '../errors.js';
import { pinnedSettings } from '../insert/settings.js';
import { applySteps, pendingSteps } from '../migrations/migrate.js';
import { checkServer } from './check.js';
import { checkColumns } from './columns.js';
import type { Connection } from './connection.js';
import { checkRights } from './rights.js';

/** A server that can be written to. */
export interface PreparedServer {
  /** For every insert. */
  readonly settings: ClickHouseSettings;
  /** Names of the migrations that were applied. */
  readonly migrations: readonly string[];
}

/**
 * Makes sure that batches can be written: the server answers, lets us in, is new enough, and has the tables.
 * @param isToMigrate whether what the tables lack is made up for.
 * @throws StorageError; what the client throws.
 */
export async function prepareServer(connection: Connection, isToMigrate: boolean): Promise<PreparedServer> {
  await checkServer(connection);
  const migrations = await ensureSchema(connection, isToMigrate);
  await checkColumns(connection);
  await checkRights(connection);
  return { settings: await pinnedSettings(connection.client), migrations };
}

async function ensureSchema(connection: Connection, isToMigrate: boolean): Promise<string[]> {
  const steps = await pendingSteps(connection);
  const names = steps.map(({ name }) => name);
  if (isToMigrate) await applySteps(connection, steps);
  if (isToMigrate || steps.length === 0) return names;
  const what = `database ${connection.database} in ClickHouse at ${connection.url} lacks ${names.join(', ')}`;
  throw new StorageError('MIGRATION', `${what}: run the migrations`);
}
