import type { Batch } from '@autotrader/connector-core';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';
import { toArrowSchema } from '@autotrader/schemas/arrow';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DataType, type Field } from 'apache-arrow';
import { encodeBatch } from './encode/encode-batch.js';
import type { Storage } from './storage.js';
import { depthBatch, MIDNIGHT, tickBatch, trade } from './testing/batches.js';
import { scratchServer } from './testing/scratch-server.js';

const server = scratchServer(startClickHouse);
let storage: Storage;
beforeAll(async () => {
  storage = await server.open();
});

/** What is part of a table's key cannot be NULL: 0 stands for none. */
const NEVER_NULL = new Set(['sequence_id', 'from_sequence', 'condition', 'content_id', 'adjustment']);
const TIME = "DateTime64(6, 'UTC')";
const TEXT = 'LowCardinality(String)';

const frame = { venue: 'BINANCE', receivedAt: 1, reason: 'x', frame: Buffer.from('{') };
const { type: _, kind, price, size, side, ...event } = trade(0, { sequenceId: 1 });
const prices = { open: price, high: price, low: price, close: price, volume: size, trades: 1, vwap: price };

/** A row with every optional value, so that its batch has every column. */
const full = {
  tick: tickBatch([
    trade(0, { bid: 1, ask: 1, bidSize: 1, askSize: 1, kind, side, condition: 'DELAYED', contentId: 1 }),
  ]),
  depth: depthBatch([
    { type: 'depth', ...event, firstSequenceId: 1, isSnapshot: true, bids: [], asks: [{ price, size }] },
  ]),
  bar: {
    type: 'bar',
    length: 1,
    rows: [
      {
        type: 'bar',
        ...event,
        interval: '1m',
        priceType: 'trade',
        openTime: MIDNIGHT,
        ...prices,
        isClosed: true,
        adjustment: 'SPLITS',
      },
    ],
  },
  gap: {
    type: 'gap',
    length: 1,
    rows: [
      {
        ...{ type: 'gap', ...event, fromSequence: 1, toSequence: 2, cause: 'SEQUENCE' },
        ...{ fromTime: MIDNIGHT, toTime: MIDNIGHT, healedAt: MIDNIGHT },
      },
    ],
  },
  quarantine: { type: 'quarantine', length: 1, rows: [frame] },
} satisfies Record<string, Batch>;

const quarantineColumns = [
  ['venue', TEXT],
  ['received_at', TIME],
  ['reason', 'String'],
  ['size', 'UInt64'],
  ['frame', 'String'],
];

/** What only the table that is written has: which copy of a row stands. */
const ofCopies = [
  ['received_order', 'UInt64'],
  ['is_superseded', 'UInt8'],
];
const ofVersions = [
  ['ticks', 'UInt64'],
  ['version', 'UInt64'],
  ['is_empty', 'UInt8'],
];
const ofFrames = [['frame_hash', 'UInt64']];

describe.each([
  ['tick', [...columnsOf(Tick), ['origin', TEXT]], full.tick, ofCopies],
  ['depth', [...columnsOf(Depth), ['origin', TEXT]], full.depth, ofCopies],
  ['bars', [...columnsOf(OHLCV), ['source', TEXT]], full.bar, ofVersions],
  ['gap', columnsOf(Gap), full.gap, []],
  ['quarantine', quarantineColumns, full.quarantine, ofFrames],
])('%s', (table, columns, batch, inner) => {
  it('has the columns of its schema, by name, type and order, where it is written and where it is read', async () => {
    expect(await columnsIn(table)).toEqual(columns);
    const written = await columnsIn(`${table}_raw`);
    const names = inner.map(([name]) => name);
    expect(written.filter(([name]) => !names.includes(name))).toEqual(columns);
    expect(written.filter(([name]) => names.includes(name))).toEqual(inner);
  });

  it('is sent all its columns, in their order', () => {
    const hasOrder = inner.some(([name]) => name === 'received_order');
    const sent = columns.map(([name]) => (name === 'received_at' && hasOrder ? 'received_order' : name));
    expect(encodeBatch(batch)).toMatchObject({ table: `${table}_raw`, columns: sent });
  });

  it('remembers the tokens of 100,000 inserts and is flushed to the disk before an insert is acknowledged', async () => {
    const query = `SELECT engine_full FROM system.tables WHERE database = 'market_data' AND name = '${table}_raw'`;
    const [row] = await storage.query<{ engine_full: string }>(query);
    expect(row?.engine_full).toContain('non_replicated_deduplication_window = 100000');
    expect(row?.engine_full).toContain('fsync_after_insert = 1, fsync_part_directory = 1');
  });
});

async function columnsIn(table: string): Promise<string[][]> {
  const rows = await storage.query<{ name: string; type: string }>(`
    SELECT name, type FROM system.columns
    WHERE database = 'market_data' AND table = '${table}' ORDER BY position`);
  return rows.map(({ name, type }) => [name, type]);
}

function columnsOf(schema: Parameters<typeof toArrowSchema>[0]): string[][] {
  return toArrowSchema(schema).fields.map((field) => [field.name, typeOf(field)]);
}

function typeOf({ name, type, nullable }: Field): string {
  return nullable && !NEVER_NULL.has(name) ? `Nullable(${plainTypeOf(type)})` : plainTypeOf(type);
}

function plainTypeOf(type: DataType): string {
  if (DataType.isDictionary(type)) return TEXT;
  if (DataType.isTimestamp(type)) return TIME;
  if (DataType.isInt(type)) return 'UInt64';
  if (DataType.isFloat(type)) return 'Float64';
  if (DataType.isBool(type)) return 'Bool';
  if (DataType.isList(type)) return `Array(${plainTypeOf(type.valueType)})`;
  if (DataType.isStruct(type))
    return `Tuple(${type.children.map((child) => `${child.name} ${plainTypeOf(child.type)}`).join(', ')})`;
  throw new Error(`no column type for Arrow type ${type.typeId}`);
}
