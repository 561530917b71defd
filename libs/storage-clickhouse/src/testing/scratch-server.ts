import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { openStorage, type Storage, type StorageOptions } from '../storage.js';

interface Server {
  readonly url: string;
  readonly httpPort: number;
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
  kill(): void;
}

/** Starts a real ClickHouse; that of `@autotrader/embedded-clickhouse`. */
export type StartServer = (options: { dataDir: string; httpPort?: number }) => Promise<Server>;

/** A real ClickHouse for the tests of a file. */
export interface ScratchServer {
  readonly url: string;
  /** A storage that is closed after the tests. */
  open(options?: Partial<StorageOptions>): Promise<Storage>;
  /** SIGKILL, resolves when the process is gone. */
  kill(): Promise<void>;
  /** On the same port and directory. */
  restart(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** Starts a server before the tests of the file, and stops it after them. */
export function scratchServer(start: StartServer): ScratchServer {
  const storages: Storage[] = [];
  let dataDir = '';
  let server: Server | undefined;
  const running = (): Server => {
    if (server === undefined) throw new Error('the server is not running');
    return server;
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'storage-clickhouse-'));
    server = await start({ dataDir });
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(storages.map((storage) => storage.close()));
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }, START_TIMEOUT_MS);

  return {
    get url() {
      return running().url;
    },
    open: async (options) => {
      const storage = await openStorage({ url: running().url, ...options });
      storages.push(storage);
      return storage;
    },
    kill: async () => {
      running().kill();
      await running().exited;
    },
    restart: async () => {
      server = await start({ dataDir, httpPort: running().httpPort });
    },
  };
}
