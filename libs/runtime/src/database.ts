import { userPath } from './invocation.js';
import type { Log } from './log.js';
import { OwnServer } from './own-server.js';
import { keepSecret } from './secrets/redaction.js';

/** Which ClickHouse. */
export interface DatabaseOptions {
  /** Somebody's server; without it one is started. */
  readonly url?: string | undefined;
  /** Folder of the one that is started, as the user meant it. */
  readonly dataDir: string;
  /** Port of the one that is started; 0 for any. */
  readonly httpPort: number;
}

/** A ClickHouse to write to: somebody's server, or one of our own. */
export interface Database {
  readonly url: string;
  /** Never resolves; rejects when it is our own and cannot be kept running. */
  readonly failure: Promise<never>;
  /** Stops it if it is our own. */
  stop(): Promise<void>;
}

/**
 * The server that is named, or a ClickHouse started here on the folder.
 * @throws EmbeddedClickHouseError when it cannot be started.
 */
export async function openDatabase(config: DatabaseOptions, log: Log): Promise<Database> {
  if (config.url !== undefined) return foreign(config.url);
  const dataDir = userPath(config.dataDir);
  const server = await OwnServer.start(dataDir, config.httpPort, log);
  log.info(`ClickHouse started on ${dataDir}: query it at ${server.url}/play`);
  return server;
}

function foreign(url: string): Database {
  keepSecret(decodeURIComponent(new URL(url).password));
  return { url, failure: new Promise<never>(() => undefined), stop: () => Promise.resolve() };
}
