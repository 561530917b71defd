import { createHash } from 'node:crypto';
import { StorageError } from '../errors.js';
import type { Connection } from '../server/connection.js';
import { selectRows } from '../server/rows.js';
import { type Cluster, onCluster, replicated } from './cluster.js';
import { labelOf, type Migration } from './migration.js';

interface LedgerRow {
  readonly version: number;
  readonly checksum: string;
}

/** Checksums of the migrations applied so far, by version; none when there is no ledger yet. */
export async function appliedChecksums({ client, database }: Connection): Promise<Map<number, string>> {
  const exists = `SELECT 1 FROM system.tables WHERE database = {database:String} AND name = 'schema_migration'`;
  if ((await selectRows(client, exists, { parameters: { database } })).length === 0) return new Map();
  const query = `SELECT version, checksum FROM ${database}.schema_migration FINAL`;
  const rows = await selectRows<LedgerRow>(client, query);
  return new Map(rows.map(({ version, checksum }) => [version, checksum]));
}

/** Creates the ledger unless it is there; of a cluster with a keeper it is one for all servers. */
export async function ensureLedger({ client, database }: Connection, cluster?: Cluster): Promise<void> {
  const on = cluster === undefined ? '' : onCluster(cluster);
  const plain = `
      CREATE TABLE IF NOT EXISTS ${database}.schema_migration${on}
      (
          version    UInt32 COMMENT 'the number that the file begins with',
          name       String COMMENT 'the rest of its name',
          checksum   String COMMENT 'SHA-256 of the file, in hex',
          applied_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'when the last of its statements had been run'
      )
      ENGINE = ReplacingMergeTree
      ORDER BY version`;
  const path = `/clickhouse/tables/${database}/schema_migration`;
  await client.command({ query: on === '' ? plain : replicated(plain, path, '{shard}-{replica}') });
}

/** Notes that all statements of a migration have been run. */
export async function recordApplied({ client, database }: Connection, migration: Migration): Promise<void> {
  await client.insert({
    table: `${database}.schema_migration`,
    columns: ['version', 'name', 'checksum'],
    values: [{ version: migration.version, name: migration.name, checksum: checksumOf(migration) }],
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0 },
  });
}

/**
 * The migrations that have not been applied, in order.
 * @throws StorageError MIGRATION when one that was applied reads differently now.
 */
export function pendingOf(
  migrations: readonly Migration[],
  applied: ReadonlyMap<number, string>,
): Migration[] {
  for (const migration of migrations) {
    const checksum = applied.get(migration.version);
    if (checksum === undefined || checksum === checksumOf(migration)) continue;
    const what = `migration ${labelOf(migration)} was changed after it had been applied`;
    throw new StorageError('MIGRATION', `${what}: undo the change and write it as a new migration`);
  }
  return migrations
    .filter(({ version }) => !applied.has(version))
    .toSorted((one, other) => one.version - other.version);
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
