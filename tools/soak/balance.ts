import type { SimulatedVenue } from '@autotrader/ingestor/demo';
import { query } from '@autotrader/runtime/testing';

/** What a venue sent of a stream, held against what is stored. */
export interface Balance {
  readonly venue: string;
  readonly venueSymbol: string;
  readonly stream: string;
  readonly sent: number;
  readonly stored: number;
  /** Holes of the stream that are in the table gap. */
  readonly gaps: number;
  /**
   * Sent, not stored, and in no gap. Of streams with ids the ids in gaps are counted; of others a gap stands for what was on its way
   * when a connection was cut, which is no more than a tenth of a second.
   */
  readonly lost: number;
  /** Rows of the same identity in the deduplicated views, and rows that were never sent. */
  readonly doubled: number;
}

interface Row {
  readonly venue: string;
  readonly venue_symbol: string;
  readonly stream: string;
  readonly rows: number;
  readonly ids: number;
}

const ON_THE_WAY_SECONDS = 0.1;

/** Asks ClickHouse, stream by stream. @param seconds in which it was sent. */
export async function balanceOf(
  venues: readonly SimulatedVenue[],
  url: string,
  seconds: number,
): Promise<Balance[]> {
  const key = (venue: string, symbol: string, stream: string): string => `${venue} ${symbol} ${stream}`;
  const rows = async (sql: string): Promise<Map<string, Row>> => {
    const found = await query<Row>(url, sql);
    return new Map(found.map((row) => [key(row.venue, row.venue_symbol, row.stream), row]));
  };
  const counted = (table: string): string =>
    `SELECT venue, venue_symbol, stream, count() AS rows, uniqExact(timestamp, sequence_id, ${table === 'tick' ? 'content_id' : 'received_at'}) AS ids
     FROM market_data.${table} GROUP BY ALL`;
  const stored = await rows(`${counted('tick')} UNION ALL ${counted('depth')}`);
  const gaps = await rows(
    `SELECT venue, venue_symbol, stream, count() AS rows, sumIf(to_sequence - from_sequence + 1, healed_at IS NULL AND from_sequence > 0) AS ids
     FROM market_data.gap GROUP BY ALL`,
  );
  return venues.flatMap(({ name, sent }) =>
    sent.counts().map(({ venueSymbol, stream, events }) => {
      const found = stored.get(key(name, venueSymbol, stream));
      const { rows: holes = 0, ids: idsInGaps = 0 } = gaps.get(key(name, venueSymbol, stream)) ?? {};
      const { rows: kept = 0, ids = 0 } = found ?? {};
      const missing = Math.max(0, events - kept);
      const hasIds = name === 'BINANCE' && stream === 'trade';
      const onTheWay = Math.ceil((holes * ON_THE_WAY_SECONDS * events) / Math.max(1, seconds));
      return {
        ...{ venue: name, venueSymbol, stream, sent: events, stored: kept, gaps: holes },
        lost: Math.max(0, missing - Math.max(idsInGaps, hasIds ? 0 : onTheWay)),
        doubled: kept - ids + Math.max(0, kept - events),
      };
    }),
  );
}
