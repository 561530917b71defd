import type { Batch } from '@autotrader/connector-core';
import type { Registry } from 'prom-client';
import { encodeBatch } from './encode/encode-batch.js';
import { StorageError } from './errors.js';
import { Inserter, type Retry } from './insert/inserter.js';
import { pinnedSettings } from './insert/settings.js';
import { storageMetrics } from './metrics.js';
import { applySteps, pendingSteps } from './migrations/migrate.js';
import { checkServer } from './server/check.js';
import { connect, type Connection, type ConnectionOptions } from './server/connection.js';
import { refusal } from './server/refusal.js';
import { selectRows } from './server/rows.js';

/** Where to store, and who wants to know how it goes. */
export interface StorageOptions extends ConnectionOptions {
  /**
   * Whether migrations the database lacks are applied at the opening; default true. With false the opening
   * fails when the schema is behind: for those who run {@link migrate} by itself, with other rights.
   */
  readonly migrate?: boolean | undefined;
  /** Where the metrics go; without one nothing is counted. */
  readonly registry?: Registry | undefined;
  /** Called each time an insert failed and will be sent again; must not throw. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Ends everything at once, requests under way included. */
  readonly signal?: AbortSignal | undefined;
}

/** Batches into ClickHouse, each exactly once; and questions to it. */
export interface Storage {
  /**
   * Writes a batch; resolves when ClickHouse has acknowledged it. What fails but may pass (the server is away,
   * busy, full) is tried again with the same bytes for as long as it takes. Batches of one table are written
   * in the order of the calls. Await it, or memory grows with what is waiting.
   * @throws StorageError REJECTED, SHORT_WRITE, or CLOSED.
   */
  write(batch: Batch): Promise<void>;
  /**
   * The rows of a SELECT (without FORMAT). Times are RFC 3339 text with six decimals; 64-bit integers are
   * numbers, exact up to 2^53.
   * @throws StorageError REJECTED when the server refuses, UNREACHABLE when it does not answer.
   */
  query<Row>(sql: string): Promise<Row[]>;
  /** Gives what is being written one last attempt, then lets go of the server. Never throws. */
  close(): Promise<void>;
}

/**
 * Connects to ClickHouse and makes sure that batches can be written: that it answers, lets us in, is 24.8 or
 * newer, and has the database with the current schema, which is created or brought up to date.
 * @throws StorageError CONFIGURATION, UNREACHABLE, AUTHENTICATION, VERSION, DATABASE, MIGRATION, or REJECTED.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const connection = connect(options);
  try {
    await checkServer(connection);
    await ensureSchema(connection, options.migrate ?? true);
    return await storageOn(connection, options);
  } catch (error) {
    await connection.client.close();
    throw refusal(connection, error);
  }
}

async function ensureSchema(connection: Connection, isToMigrate: boolean): Promise<void> {
  const steps = await pendingSteps(connection);
  if (isToMigrate || steps.length === 0) return applySteps(connection, steps);
  const lacking = steps.map(({ name }) => name).join(', ');
  const what = `database ${connection.database} in ClickHouse at ${connection.url} lacks ${lacking}`;
  throw new StorageError('MIGRATION', `${what}: run the migrations`);
}

async function storageOn(connection: Connection, options: StorageOptions): Promise<Storage> {
  const { client, database } = connection;
  const settings = await pinnedSettings(client);
  const metrics = storageMetrics(options.registry);
  const target = { client, database, settings, signal: options.signal };
  const inserter = new Inserter(target, metrics, options.onRetry ?? (() => undefined));
  let closed = false;
  return {
    write: async (batch) => {
      if (closed) throw new StorageError('CLOSED', 'the storage is closed: nothing can be written any more');
      if (batch.length === 0) return;
      await inserter.insert(encodeBatch(batch));
    },
    query: (sql) => query(connection, sql),
    close: async () => {
      closed = true;
      await inserter.close();
      await client.close();
    },
  };
}

async function query<Row>(connection: Connection, sql: string): Promise<Row[]> {
  try {
    return await selectRows<Row>(connection.client, sql, { database: connection.database });
  } catch (error) {
    throw refusal(connection, error);
  }
}
