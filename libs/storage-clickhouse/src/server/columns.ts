import type { TableName } from '../encode/encode-batch.js';
import { StorageError } from '../errors.js';
import type { Connection } from './connection.js';
import { selectRows } from './rows.js';

const SOURCE = ['venue', 'symbol', 'venue_symbol', 'asset_class', 'stream'];
const EVENT = [...SOURCE, 'timestamp', 'received_at', 'sequence_id'];

/** Every column that batches may bring. */
export const INSERTED_COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  tick_raw: [...EVENT, 'kind', 'price', 'size', 'side', 'bid', 'ask', 'bid_size', 'ask_size'],
  depth_raw: [...EVENT, 'first_sequence_id', 'is_snapshot', 'bids', 'asks'],
  bars_raw: [
    ...[...EVENT, 'interval', 'price_type', 'open_time', 'open', 'high', 'low', 'close'],
    ...['volume', 'trades', 'vwap', 'is_closed', 'source'],
  ],
  gap_raw: [...EVENT, 'from_sequence', 'to_sequence', 'from_time', 'to_time', 'cause', 'healed_at'],
  quarantine_raw: ['venue', 'received_at', 'reason', 'size', 'frame'],
};

/** The tables that batches are written to. */
export const INSERTED_TABLES = Object.keys(INSERTED_COLUMNS) as readonly TableName[];

/**
 * Makes sure that every column there is to write to is there: the ledger of migrations does not know what
 * somebody changed by hand.
 * @throws StorageError MIGRATION naming what is missing.
 */
export async function checkColumns({ client, url, database }: Connection): Promise<void> {
  const query = 'SELECT table, name FROM system.columns WHERE database = {database:String}';
  const rows = await selectRows<{ table: string; name: string }>(client, query, { parameters: { database } });
  const there = new Set(rows.map(({ table, name }) => `${table}.${name}`));
  const missing = INSERTED_TABLES.flatMap((table) => {
    const lacking = INSERTED_COLUMNS[table].filter((column) => !there.has(`${table}.${column}`));
    return lacking.length === INSERTED_COLUMNS[table].length
      ? [table]
      : lacking.map((each) => `${table}.${each}`);
  });
  if (missing.length === 0) return;
  const what = `database ${database} in ClickHouse at ${url} lacks ${missing.join(', ')}`;
  throw new StorageError(
    'MIGRATION',
    `${what}, which somebody has removed: put it back as the migrations make it`,
  );
}
