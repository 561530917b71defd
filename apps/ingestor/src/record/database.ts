import { startClickHouse } from '@autotrader/embedded-clickhouse';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.js';
import { userPath } from '../invocation.js';
import { isFree } from './port.js';

/** A ClickHouse to write to: somebody's server, or one of our own. */
export interface Database {
  readonly url: string;
  /** Stops it if it is our own. */
  stop(): Promise<void>;
}

/**
 * The server the config names, or a ClickHouse started here on the config's folder.
 * @throws EmbeddedClickHouseError when it cannot be started.
 */
export async function openDatabase(config: Config['clickhouse'], log: Logger): Promise<Database> {
  if (config.url !== undefined) return { url: config.url, stop: () => Promise.resolve() };
  const dataDir = userPath(config.dataDir);
  const httpPort = (await isFree(config.httpPort)) ? config.httpPort : 0;
  const server = await startClickHouse({ dataDir, httpPort });
  log.info(`ClickHouse started on ${dataDir}: query it at ${server.url}/play`);
  return { url: server.url, stop: () => server.stop() };
}
