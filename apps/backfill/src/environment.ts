import { join } from 'node:path';
import { type ConnectorError, DownloadCache, type Downloads } from '@autotrader/connector-core';
import { type Database, openDatabase, type Secrets, UserError, userPath } from '@autotrader/runtime';
import { openStorage, type Storage, TaskLedger } from '@autotrader/storage-clickhouse';
import type { Registry } from 'prom-client';
import type { Dataset } from './dataset.js';
import { createDataset, type VenueName } from './options/create-dataset.js';
import type { Settings } from './options/settings.js';
import type { Say } from './say.js';
import { workerName } from './run/worker-name.js';

/** As of the ingestor, so that history and live data meet. */
const DATA = './data';
const DOWNLOADS = './downloads';
const HTTP_PORT = 8123;
const GIB = 2 ** 30;

/** Where history goes: it is drained when the bars are right, too, or fails. */
export type BackfillStorage = Pick<Storage, 'write' | 'drained' | 'query' | 'export' | 'close'>;

/** What a dataset is for: to fetch, also what is kept, or only to look at what is stored. */
export type DatasetUse = 'fetch' | 'fetch anew' | 'look';

/** What a command works with, open until it is closed. */
export class Environment {
  private constructor(
    readonly database: Database,
    readonly storage: BackfillStorage,
    readonly ledger: TaskLedger,
    readonly cache: DownloadCache | undefined,
    readonly settings: Settings,
    private readonly say: Say,
  ) {}

  /** @throws UserError, StorageError, EmbeddedClickHouseError: one clear line, and nothing stays open. */
  static async open(
    settings: Settings,
    secrets: Secrets,
    registry: Registry,
    say: Say,
    signal: AbortSignal,
  ): Promise<Environment> {
    const cache = await openCache(settings);
    const database = await openDatabase(databaseOf(settings), { info: say, error: say }).catch(withHint);
    const password = settings.clickhouse === undefined ? undefined : secrets('CLICKHOUSE_PASSWORD');
    const server = { url: database.url, ...(password !== undefined && { password }) };
    let stale: string | undefined;
    try {
      const opened = await openStorage({
        ...{ ...server, origin: 'backfill', barThrottleMs: 0, registry },
        onRetry: ({ reason, delayMs }) =>
          say(`ClickHouse: ${reason}; next try in ${(delayMs / 1_000).toFixed(1)} s`),
        onNotice: ({ kind, message }) => {
          say(message);
          if (kind === 'BARS_STALE') stale = message;
        },
      });
      const storage: BackfillStorage = {
        write: (batch) => opened.write(batch),
        drained: async () => {
          await opened.drained();
          if (stale !== undefined) throw new UserError(stale);
        },
        query: (sql) => opened.query(sql),
        export: (sql, format) => opened.export(sql, format),
        close: () => opened.close(),
      };
      try {
        const ledger = await TaskLedger.open(server, workerName(), signal);
        return new Environment(database, storage, ledger, cache, settings, say);
      } catch (error) {
        await storage.close();
        throw error;
      }
    } catch (error) {
      await database.stop();
      throw error;
    }
  }

  /** What a venue is asked for. @throws UserError for options that it does not have, or a key that is missing. */
  dataset(venue: VenueName, secrets: Secrets, use: DatasetUse): Dataset {
    const { cache } = this;
    // What was kept may be what is wrong.
    const anew: Downloads | undefined = cache && {
      read: () => Promise.resolve(undefined),
      write: (...args) => cache.write(...args),
    };
    return createDataset(venue, this.settings, {
      cache: use === 'fetch anew' ? anew : cache,
      isAsked: use !== 'look',
      secrets,
      onRetry: ({ message }: ConnectorError, waitMs) =>
        this.say(`${message}; next try in ${(waitMs / 1_000).toFixed(1)} s`),
      onNotice: this.say,
    });
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.storage.close();
    await this.database.stop();
  }
}

/** An ingestor that records into the folder has a server that can be written to. */
function withHint(error: unknown): never {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'DATA_DIR_IN_USE')
    throw new UserError(`${message}; or write to it: --clickhouse http://127.0.0.1:${HTTP_PORT}`);
  throw error;
}

function databaseOf({ clickhouse, data }: Settings): { url?: string; dataDir: string; httpPort: number } {
  if (clickhouse !== undefined && data !== undefined)
    throw new UserError('--clickhouse and --data are both given: leave out one of them');
  return { ...(clickhouse !== undefined && { url: clickhouse }), dataDir: data ?? DATA, httpPort: HTTP_PORT };
}

async function openCache({ cache = DOWNLOADS, cacheSize }: Settings): Promise<DownloadCache | undefined> {
  if (cache === false) return undefined;
  const dir = userPath(cache);
  try {
    return await DownloadCache.open({
      dir,
      mostBytes: cacheSize === undefined ? undefined : cacheSize * GIB,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UserError(
      `downloads cannot be kept in ${join(dir)} (${code}): name another folder by --cache, or --no-cache`,
    );
  }
}
