import type { Batch } from '@autotrader/connector-core';
import type { ClickHouseClient } from '@clickhouse/client';
import type { BarKeeperOptions } from '../bars/bar-keeper.js';
import { BarKeeper } from '../bars/bar-keeper.js';
import { encodeBatch } from '../encode/encode-batch.js';
import type { Origin } from '../encode/origin.js';
import { insertOnce } from '../insert/insert-once.js';
import { pinnedSettings } from '../insert/settings.js';
import { migrate } from '../migrations/migrate.js';
import { connect } from '../server/connection.js';
import { selectRows } from '../server/rows.js';
import type { ExactBar } from './exact-bars.js';

/** Inserts batches and keeps the bars, without anything between. */
export interface TickWriter {
  readonly client: ClickHouseClient;
  readonly keeper: BarKeeper;
  /** Resolves when the rows are stored. */
  insert(batch: Batch, origin?: Origin): Promise<void>;
  /** Resolves when the rows are stored and the bars are right. */
  write(batch: Batch, origin?: Origin): Promise<void>;
  query<Row>(sql: string): Promise<Row[]>;
  /** The bars of ticks of an interval, by price type and time. */
  bars(symbol: string, interval?: string): Promise<ExactBar[]>;
  close(): Promise<void>;
}

/** A writer to a database that has the current schema. */
export async function openTickWriter(
  url: string,
  database: string,
  options: BarKeeperOptions = {},
): Promise<TickWriter> {
  await migrate({ url, database });
  const { client } = connect({ url, database });
  const target = { client, database, settings: await pinnedSettings(client) };
  const keeper = new BarKeeper({ client, database }, { throttleMs: 0, ...options });
  const query = <Row>(sql: string) => selectRows<Row>(client, sql, { database });
  return {
    client,
    keeper,
    query,
    insert: (batch, origin) => insertOnce(target, encodeBatch(batch, origin)),
    write: async (batch, origin) => {
      const encoded = encodeBatch(batch, origin);
      await insertOnce(target, encoded);
      await keeper.touched(encoded.touched);
    },
    bars: (symbol, interval = '1m') =>
      query<ExactBar>(`
        SELECT price_type, open_time, open, high, low, close, volume, trades FROM bars
        WHERE symbol = '${symbol}' AND interval = '${interval}' AND source = 'ticks'
        ORDER BY price_type, open_time`),
    close: async () => {
      await keeper.close();
      await client.close();
    },
  };
}
