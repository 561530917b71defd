import { ConnectorError } from '@autotrader/connector-core';
import { openDatabase, type Secrets } from '@autotrader/runtime';
import { openStorage, type Storage } from '@autotrader/storage-clickhouse';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.js';
import { createConnectors } from '../record/connectors.js';
import { healGaps } from './heal-gaps.js';
import { type Period, quarantined } from './quarantined.js';

/** What became of the quarantine of a venue. */
export interface Reread {
  readonly venue: string;
  readonly frames: number;
  readonly read: number;
  /** Rows that what was read has made, those among them that were stored before. */
  readonly rows: number;
  readonly healed: number;
  /** Frames that still cannot be read, by reason; or why none could. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Where it is read from, and how. */
export interface RereadOptions extends Period {
  readonly secrets: Secrets;
  readonly log: Logger;
  /** Nothing is stored. */
  readonly isTrial: boolean;
}

/**
 * Reads what is in quarantine again, venue by venue, and stores what it says now; gaps of which everything is there are healed. It may be repeated:
 * what is stored is known by its identity. The quarantine stays as it is.
 * @throws UserError, StorageError, EmbeddedClickHouseError: one clear line.
 */
export async function reread(config: Config, options: RereadOptions): Promise<Reread[]> {
  const database = await openDatabase(config.clickhouse, options.log);
  try {
    const password = options.secrets('CLICKHOUSE_PASSWORD');
    const storage = await openStorage({
      ...{ ...(password !== undefined && { password }), ...config.clickhouse, url: database.url },
      ...{ origin: 'live', barThrottleMs: 0, onNotice: ({ level, message }) => options.log[level](message) },
    });
    try {
      return await rereadAll(config, storage, options);
    } finally {
      await storage.close();
    }
  } finally {
    await database.stop();
  }
}

async function rereadAll(config: Config, storage: Storage, options: RereadOptions): Promise<Reread[]> {
  const results: Reread[] = [];
  for (const [venue, connector] of createConnectors(config, options.secrets, {})) {
    const batches = connector.batches();
    let [frames, rows] = [0, 0];
    const counted = async function* (): ReturnType<typeof quarantined> {
      for await (const frame of quarantined(storage, venue, options)) {
        frames++;
        yield frame;
      }
    };
    const storing = (async () => {
      for await (const batch of batches) {
        rows += batch.length;
        if (!options.isTrial) await storage.write(batch);
      }
    })();
    storing.catch(() => undefined); // it is awaited below
    const { read, refused } = await connector.reread(counted()).catch((error: unknown) => {
      if (!(error instanceof ConnectorError)) throw error;
      return { read: 0, refused: new Map([[error.message, 0]]) };
    });
    await connector.stop();
    await storing;
    await storage.drained();
    const healed = options.isTrial ? 0 : await healGaps(storage, venue, Date.now() * 1_000);
    results.push({ venue, frames, read, rows, healed, refused });
  }
  return results;
}
