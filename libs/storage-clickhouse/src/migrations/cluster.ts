import { StorageError } from '../errors.js';

/** Servers that hold the database together: shards by venue and symbol, and replicas of them. */
export interface Cluster {
  /** As in the servers' `remote_servers`; may be a macro: `{cluster}`. */
  readonly name: string;
  /**
   * Whether a ClickHouse Keeper (or ZooKeeper) is there; default true. It carries statements to every server and
   * replicates the rows. Without one each server is a shard of its own, and is migrated by itself.
   */
  readonly hasKeeper?: boolean | undefined;
}

/** Where the rows of a table lie on each server; the table of the plain name stands for all of them. */
export const LOCAL = '_local';

/** Longer than any outage a spool is replayed after: a repeated insert is known for as long. */
const DEDUPLICATION_SECONDS = 7 * 86_400;

const CREATE_TABLE = /^(CREATE TABLE IF NOT EXISTS )(\w+)\.(\w+)(?=\s)/;
const CREATE_VIEW = /^(CREATE VIEW IF NOT EXISTS \w+\.\w+)(?=\s)/;
const CREATE_MATERIALIZED_VIEW = /^(CREATE MATERIALIZED VIEW IF NOT EXISTS \w+\.\w+)(?= TO )/;
const ALTER_TABLE = /^(ALTER TABLE \w+\.)(\w+)(?=\s)/;
/** The rest of a statement that adds a column to the key, too: a Distributed table has none. */
const MODIFY_ORDER = /,\s*MODIFY ORDER BY [^]*$/;
const DROP = /^(DROP (?:TABLE|VIEW) IF EXISTS \w+\.\w+)/;
const ENGINE = /\bENGINE = (\w*MergeTree)(?:\(([^)]*)\))?/;

/**
 * What a statement for one server is for a cluster: tables become local ones (replicated where there is a keeper)
 * with a Distributed one of their name before them, whose shard is decided by venue and symbol, so that all copies
 * of an event meet on one.
 * @throws StorageError MIGRATION for a statement of a kind that is not known here.
 */
export function forCluster(statement: string, cluster: Cluster): string[] {
  const on = onCluster(cluster);
  if (CREATE_TABLE.test(statement)) return tablesOf(statement, cluster);
  if (CREATE_VIEW.test(statement)) return [statement.replace(CREATE_VIEW, `$1${on}`)];
  if (CREATE_MATERIALIZED_VIEW.test(statement)) {
    const local = statement.replace(/(\s(?:TO|FROM)\s+)(\w+\.\w+)/g, `$1$2${LOCAL}`);
    return [local.replace(CREATE_MATERIALIZED_VIEW, `$1${on}`)];
  }
  if (ALTER_TABLE.test(statement)) {
    const local = statement.replace(ALTER_TABLE, `$1$2${LOCAL}${on}`);
    const ofColumns = statement.replace(MODIFY_ORDER, '');
    return /\sCOLUMN\s/.test(ofColumns) ? [local, ofColumns.replace(ALTER_TABLE, `$1$2${on}`)] : [local];
  }
  if (DROP.test(statement)) return [statement.replace(DROP, `$1${on}`)];
  const beginning = statement.slice(0, 60).replace(/\s+/g, ' ');
  throw new StorageError(
    'MIGRATION',
    `"${beginning}..." cannot be said to a cluster: write it in another way`,
  );
}

/** What follows the name of what a statement is about. */
export function onCluster({ name, hasKeeper = true }: Cluster): string {
  return hasKeeper ? ` ON CLUSTER '${name}'` : '';
}

/** An engine that keeps its rows on every replica; `path` and `replica` name them to the keeper. */
export function replicated(statement: string, path: string, replica: string): string {
  return statement
    .replace(ENGINE, (_, engine: string, parameters: string | undefined) => {
      const all = [`'${path}'`, `'${replica}'`, ...(parameters === undefined ? [] : [parameters])];
      return `ENGINE = Replicated${engine}(${all.join(', ')})`;
    })
    .replace(
      /\bnon_replicated_deduplication_window = (\d+)/,
      `replicated_deduplication_window = $1, replicated_deduplication_window_seconds = ${DEDUPLICATION_SECONDS}`,
    );
}

function tablesOf(statement: string, cluster: Cluster): string[] {
  const [, , database = '', table = ''] = CREATE_TABLE.exec(statement) ?? [];
  const on = onCluster(cluster);
  const local = statement.replace(CREATE_TABLE, `$1$2.$3${LOCAL}${on}`);
  const path = `/clickhouse/tables/{shard}/${database}/${table}${LOCAL}`;
  const shard = /^\s*symbol\s/m.test(statement) ? 'cityHash64(venue, symbol)' : 'cityHash64(venue)';
  const distributed = `ENGINE = Distributed('${cluster.name}', '${database}', '${table}${LOCAL}', ${shard})`;
  return [
    cluster.hasKeeper === false ? local : replicated(local, path, '{replica}'),
    `CREATE TABLE IF NOT EXISTS ${database}.${table}${on} AS ${database}.${table}${LOCAL} ${distributed}`,
  ];
}
