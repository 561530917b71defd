import { checkServer } from '../server/check.js';
import { connect, type Connection } from '../server/connection.js';
import { refusal } from '../server/refusal.js';
import { selectRows } from '../server/rows.js';
import { type Cluster, LOCAL } from './cluster.js';
import { type Column, schemaOf } from './columns.js';
import { type MigrateOptions, pendingSteps } from './migrate.js';
import type { Migration } from './migration.js';
import { MIGRATIONS } from './migrations.generated.js';

/** A column as the server has it. */
interface StoredColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly expression: string;
}

/**
 * Holds the database against the migrations: what is not applied, and which table, view or column is missing,
 * other than they make it, or not of them. Changes nothing.
 * @returns one line for each; empty when all is as it should be.
 * @throws StorageError CONFIGURATION, UNREACHABLE, AUTHENTICATION, VERSION, MIGRATION or REJECTED.
 */
export async function schemaDrift(options: MigrateOptions): Promise<readonly string[]> {
  const connection = connect(options);
  const { migrations = MIGRATIONS, cluster } = options;
  try {
    await checkServer(connection);
    const pending = await pendingSteps(connection, migrations, cluster);
    if (pending.length > 0) return pending.map(({ name }) => `migration ${name} is not applied`);
    return await differences(connection, migrations, cluster);
  } catch (error) {
    throw refusal(connection, error);
  } finally {
    await connection.client.close();
  }
}

async function differences(
  connection: Connection,
  migrations: readonly Migration[],
  cluster: Cluster | undefined,
): Promise<string[]> {
  const { tables, views } = schemaOf(migrations);
  const stored = await storedColumns(connection);
  const lines: string[] = [];
  for (const [table, columns] of tables)
    for (const name of cluster === undefined ? [table] : [table, `${table}${LOCAL}`])
      lines.push(...compare(name, columns, stored.get(name)));
  // What a view should show is asked of the tables, once they are right.
  const areTablesRight = lines.length === 0;
  for (const [view, select] of views) {
    const found = stored.get(view);
    if (found === undefined) lines.push(`${view} is missing`);
    else if (areTablesRight) lines.push(...compare(view, await selected(connection, select), found));
  }
  return lines;
}

/** One line for each difference. */
function compare(
  table: string,
  columns: readonly Pick<Column, 'name' | 'type' | 'kind' | 'expression'>[],
  stored: readonly StoredColumn[] | undefined,
): string[] {
  if (stored === undefined) return [`${table} is missing`];
  const storedOf = new Map(stored.map((column) => [column.name, column]));
  const expected = new Set(columns.map(({ name }) => name));
  const lines = columns.flatMap((column) => {
    const found = storedOf.get(column.name);
    const name = `${table}.${column.name}`;
    if (found === undefined) return [`${name} is missing`];
    const [is, should] = [textOf(found), textOf(column)];
    return is === should ? [] : [`${name} is ${is}, not ${should}`];
  });
  const extra = stored.filter(({ name }) => !expected.has(name));
  return [...lines, ...extra.map(({ name }) => `${table}.${name} is not of the schema`)];
}

function textOf({ type, kind, expression }: Pick<Column, 'type' | 'kind' | 'expression'>): string {
  const text = kind === '' ? type : `${type} ${kind} ${expression}`;
  return text.replace(/\s+/g, ' ').replace(/\( | \)/g, (bracket) => bracket.trim());
}

async function storedColumns({ client, database }: Connection): Promise<Map<string, StoredColumn[]>> {
  const query = `
    SELECT table, name, type, default_kind AS kind, default_expression AS expression
    FROM system.columns WHERE database = {database:String} ORDER BY table, position`;
  const columns = await selectRows<StoredColumn>(client, query, { parameters: { database } });
  const byTable = new Map<string, StoredColumn[]>();
  for (const column of columns) byTable.set(column.table, [...(byTable.get(column.table) ?? []), column]);
  return byTable;
}

/** The columns of what a view should select. */
async function selected({ client, database }: Connection, select: string): Promise<Column[]> {
  const query = `DESCRIBE TABLE (${select.replaceAll('{database}', database)})`;
  const columns = await selectRows<{ name: string; type: string }>(client, query);
  return columns.map(({ name, type }) => ({ name, type, kind: '', expression: '', comment: '' }));
}
