import { reasonOf, StorageError } from '../errors.js';
import { checkServer, ensureDatabase } from '../server/check.js';
import { connect, type Connection, type ConnectionOptions } from '../server/connection.js';
import { refusal } from '../server/refusal.js';
import { appliedChecksums, ensureLedger, pendingOf, recordApplied } from './ledger.js';
import { type Cluster, forCluster, onCluster } from './cluster.js';
import { labelOf, type Migration } from './migration.js';
import { MIGRATIONS } from './migrations.generated.js';
import { splitStatements } from './statements.js';

/** Where to, and how. */
export interface MigrateOptions extends ConnectionOptions {
  /** Only say what would be done; nothing is changed, not even the database created. */
  readonly dryRun?: boolean | undefined;
  /** Makes the tables those of a cluster. */
  readonly cluster?: Cluster | undefined;
  /** Default: those of this package. */
  readonly migrations?: readonly Migration[] | undefined;
}

/** A migration that was applied, or that would be. */
export interface MigrationStep {
  /** `001_tick`. */
  readonly name: string;
  /** In order, with the database's name filled in. */
  readonly statements: readonly string[];
}

/**
 * Brings the database to the current schema: creates it unless it is there, then applies in order the
 * migrations that its ledger (`schema_migration`) does not know, statement by statement. Whatever interrupts
 * it, running it again completes it; two at once do no harm.
 * @returns what was applied, or with `dryRun` what would be; empty when there is nothing to do.
 * @throws StorageError MIGRATION when an applied migration was changed or a statement fails; CONFIGURATION,
 * UNREACHABLE, AUTHENTICATION, VERSION, DATABASE or REJECTED when the server cannot be used.
 */
export async function migrate(options: MigrateOptions): Promise<readonly MigrationStep[]> {
  const connection = connect(options);
  try {
    await checkServer(connection);
    const steps = await pendingSteps(connection, options.migrations, options.cluster);
    if (options.dryRun !== true) await applySteps(connection, steps, options.cluster);
    return steps.map(({ name, statements }) => ({ name, statements }));
  } catch (error) {
    throw refusal(connection, error);
  } finally {
    await connection.client.close();
  }
}

interface PendingStep extends MigrationStep {
  readonly migration: Migration;
}

/**
 * What the database lacks, in order.
 * @throws StorageError MIGRATION when an applied migration was changed.
 */
export async function pendingSteps(
  connection: Connection,
  migrations: readonly Migration[] = MIGRATIONS,
  cluster?: Cluster,
): Promise<PendingStep[]> {
  const pending = pendingOf(migrations, await appliedChecksums(connection));
  return pending.map((migration) => {
    const statements = splitStatements(migration.sql.replaceAll('{database}', connection.database));
    return {
      migration,
      name: labelOf(migration),
      statements:
        cluster === undefined ? statements : statements.flatMap((each) => forCluster(each, cluster)),
    };
  });
}

/**
 * Applies what the database lacks.
 * @throws StorageError MIGRATION when a statement fails; DATABASE when there is none and none can be created.
 */
export async function applySteps(
  connection: Connection,
  steps: readonly PendingStep[],
  cluster?: Cluster,
): Promise<void> {
  if (steps.length === 0) return;
  await ensureDatabase(connection, cluster && onCluster(cluster));
  await ensureLedger(connection, cluster);
  for (const { migration, name, statements } of steps) {
    for (const statement of statements) await run(connection, name, statement);
    await recordApplied(connection, migration);
  }
}

async function run({ client, url }: Connection, name: string, statement: string): Promise<void> {
  try {
    await client.command({ query: statement });
  } catch (error) {
    const what = `migration ${name} failed at ${url} (${reasonOf(error)})`;
    const remedy = 'set right what it says and run the migrations again';
    throw new StorageError('MIGRATION', `${what}: ${remedy}`, { cause: error });
  }
}
