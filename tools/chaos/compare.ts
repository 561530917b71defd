import { type Coverage, coverageOf, type IdRange } from './coverage.js';
import type { Database } from './database.js';
import type { MarketTrade } from './market-truth.js';
import { trueBars } from './true-bars.js';

/** What became of one stream of one symbol. */
export interface StreamResult extends Coverage {
  readonly symbol: string;
  readonly stream: string;
  /** Events of the market; undefined where it does not tell. */
  readonly market: number | undefined;
  /** Stored rows that are not what the market did. */
  readonly changed: number;
}

/** What became of the bars of one symbol. */
export interface BarResult {
  readonly symbol: string;
  readonly compared: number;
  readonly wrong: number;
  /** The first few that are wrong. */
  readonly examples: readonly string[];
}

type TickRow = [id: number, micros: number, price: number, size: number];
type BarRow = [
  ...[interval: string, openTime: number, open: number, high: number, low: number],
  ...[close: number, volume: number, trades: number],
];

/** The trades that are stored, and those in gaps, against those the market did. */
export async function compareTrades(
  database: Database,
  symbol: string,
  market: ReadonlyMap<number, MarketTrade>,
): Promise<StreamResult> {
  const rows = await storedTrades(database, symbol);
  const changed = rows.filter(([id, time, price, size]) => {
    const trade = market.get(id);
    return trade?.time !== time || Number(trade.price) !== price || Number(trade.qty) !== size;
  });
  const coverage = coverageOf(
    rows.map(([id]) => ({ from: id, to: id })),
    await gaps(database, symbol, 'trade'),
  );
  return { symbol, stream: 'trade', market: market.size, changed: changed.length, ...coverage };
}

/** The changes of the book that are stored, and those in gaps: each says which ids it covers. */
export async function compareDepth(database: Database, symbol: string): Promise<StreamResult> {
  const stored = await database.query<[number, number]>(
    `SELECT assumeNotNull(first_sequence_id), sequence_id FROM market_data.depth
     WHERE venue_symbol = '${symbol}' AND stream = 'depth' ORDER BY 1`,
  );
  const coverage = coverageOf(stored.map(rangeOf), await gaps(database, symbol, 'depth'));
  return { symbol, stream: 'depth', market: undefined, changed: 0, ...coverage };
}

/** Bars against those of the trades that are stored, computed here. */
export async function compareBars(
  database: Database,
  symbol: string,
  market: ReadonlyMap<number, MarketTrade>,
): Promise<BarResult> {
  const ids = (await storedTrades(database, symbol)).map(([id]) => id);
  const expected = trueBars([...new Set(ids)].flatMap((id) => market.get(id) ?? [])).map((bar) =>
    JSON.stringify([
      ...[bar.interval, bar.openTime, bar.open, bar.high, bar.low],
      ...[bar.close, bar.volume, bar.trades],
    ]),
  );
  const rows = await database.query<BarRow>(
    `SELECT interval, toUnixTimestamp64Micro(open_time), open, high, low, close, volume, trades
     FROM market_data.bars WHERE venue_symbol = '${symbol}' AND source = 'ticks' AND price_type = 'trade'`,
  );
  const found = new Set(rows.map((row) => JSON.stringify(row)));
  const wrong = [
    ...expected.filter((bar) => !found.has(bar)).map((bar) => `expected ${bar}`),
    ...[...found].filter((bar) => !expected.includes(bar)).map((bar) => `found ${bar}`),
  ];
  const doubled = rows.length - found.size;
  return {
    symbol,
    compared: expected.length,
    wrong: Math.max(wrong.filter((line) => line.startsWith('expected')).length, wrong.length >> 1) + doubled,
    examples: wrong.slice(0, 4),
  };
}

function storedTrades(database: Database, symbol: string): Promise<TickRow[]> {
  return database.query<TickRow>(
    `SELECT sequence_id, toUnixTimestamp64Micro(timestamp), price, size FROM market_data.tick
     WHERE venue_symbol = '${symbol}' AND stream = 'trade' ORDER BY 1`,
  );
}

/** What was missed and has not come since. */
async function gaps(database: Database, symbol: string, stream: string): Promise<IdRange[]> {
  const rows = await database.query<[number, number]>(
    `SELECT from_sequence, assumeNotNull(to_sequence) FROM market_data.gap
     WHERE venue_symbol = '${symbol}' AND stream = '${stream}' AND healed_at IS NULL AND to_sequence IS NOT NULL`,
  );
  return rows.map(rangeOf);
}

function rangeOf([from, to]: [number, number]): IdRange {
  return { from, to };
}
