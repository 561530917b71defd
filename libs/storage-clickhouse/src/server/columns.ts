import { DepthColumnWriter, TickColumnWriter } from '@autotrader/connector-core';
import type { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';
import { encodeBatch, type TableName } from '../encode/encode-batch.js';
import { StorageError } from '../errors.js';
import type { Connection } from './connection.js';
import { selectRows } from './rows.js';

const SOURCE = { venue: 'V', symbol: 'S', venueSymbol: 'S', assetClass: 'CRYPTO', stream: 's' } as const;
const EVENT = { ...SOURCE, timestamp: 1, receivedAt: 1, sequenceId: 1 };
const SIZES = { bid: 1, ask: 1, bidSize: 1, askSize: 1 };
const IDENTITY = { condition: 'DELAYED', contentId: 1 } as const;
const PRICES = { open: 1, high: 1, low: 1, close: 1, volume: 1, vwap: 1, trades: 1 };

/** One of each event with everything that an event can have. */
const TICK: Required<Tick> = {
  type: 'tick',
  ...EVENT,
  kind: 'trade',
  price: 1,
  size: 1,
  side: 'BUY',
  ...SIZES,
  ...IDENTITY,
};
const DEPTH: Required<Depth> = {
  type: 'depth',
  ...EVENT,
  firstSequenceId: 1,
  isSnapshot: true,
  bids: [],
  asks: [],
};
const BAR: Required<OHLCV> = {
  ...{ type: 'bar', ...EVENT, interval: '1m', priceType: 'trade', openTime: 1, ...PRICES, isClosed: true },
  adjustment: 'SPLITS',
};
const GAP: Required<Gap> = {
  ...{ type: 'gap', ...EVENT, fromSequence: 1, toSequence: 1, fromTime: 1, toTime: 1 },
  ...{ cause: 'SEQUENCE', healedAt: 1 },
};
const FRAME = { venue: 'V', receivedAt: 1, reason: '', frame: Buffer.of() };

/** Every column of every table that batches may bring. */
export function insertedColumns(): ReadonlyMap<TableName, readonly string[]> {
  const [ticks, books] = [new TickColumnWriter(1), new DepthColumnWriter(1)];
  ticks.append(0, TICK);
  books.append(0, DEPTH);
  const batches = [
    ticks.take([SOURCE]),
    books.take([SOURCE]),
    { type: 'bar', length: 1, rows: [BAR] } as const,
    { type: 'gap', length: 1, rows: [GAP] } as const,
    { type: 'quarantine', length: 1, rows: [FRAME] } as const,
  ];
  return new Map(batches.map((batch) => encodeBatch(batch)).map(({ table, columns }) => [table, columns]));
}

/**
 * Makes sure that every column there is to write to is there: the ledger of migrations does not know what
 * somebody changed by hand.
 * @throws StorageError MIGRATION naming what is missing.
 */
export async function checkColumns({ client, url, database }: Connection): Promise<void> {
  const query = 'SELECT table, name FROM system.columns WHERE database = {database:String}';
  const rows = await selectRows<{ table: string; name: string }>(client, query, { parameters: { database } });
  const there = new Set(rows.map(({ table, name }) => `${table}.${name}`));
  const tables = new Set(rows.map(({ table }) => table));
  const missing = [...insertedColumns()].flatMap(([table, columns]) =>
    tables.has(table)
      ? columns.map((column) => `${table}.${column}`).filter((column) => !there.has(column))
      : [table],
  );
  if (missing.length === 0) return;
  const what = `database ${database} in ClickHouse at ${url} lacks ${missing.join(', ')}`;
  throw new StorageError(
    'MIGRATION',
    `${what}, which its migrations had made: put it back as it was, or begin with an empty database`,
  );
}
