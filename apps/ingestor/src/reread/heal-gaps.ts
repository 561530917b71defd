import type { AssetClass, Gap, GapCause, Micros } from '@autotrader/schemas';
import type { Storage } from '@autotrader/storage-clickhouse';

interface Row {
  readonly venue: string;
  readonly symbol: string;
  readonly venue_symbol: string;
  readonly asset_class: AssetClass;
  readonly stream: string;
  readonly from_sequence: number;
  readonly to_sequence: number;
  readonly from_micros: Micros;
  readonly to_micros: Micros;
  readonly cause: GapCause;
}

/** Writes of every open gap of a venue, of which each id is stored by now, that it has healed. @returns how many these are. */
export async function healGaps(
  storage: Pick<Storage, 'query' | 'write'>,
  venue: string,
  now: Micros,
): Promise<number> {
  const rows = await storage.query<Row>(`
    SELECT venue, symbol, any(g.venue_symbol) AS venue_symbol, any(g.asset_class) AS asset_class, stream, from_sequence,
      any(g.to_sequence) AS to_sequence, toUnixTimestamp64Micro(any(g.from_time)) AS from_micros,
      toUnixTimestamp64Micro(any(g.to_time)) AS to_micros, any(g.cause) AS cause
    FROM gap AS g
    INNER JOIN (SELECT venue, symbol, stream, sequence_id FROM tick WHERE venue = '${venue}' AND sequence_id > 0) AS t
      USING (venue, symbol, stream)
    WHERE g.healed_at IS NULL AND g.from_sequence > 0 AND t.sequence_id BETWEEN g.from_sequence AND g.to_sequence
    GROUP BY venue, symbol, stream, from_sequence
    HAVING uniqExact(t.sequence_id) = to_sequence - from_sequence + 1`);
  const gaps = rows.map((row): Gap => ({
    ...{ type: 'gap', venue: row.venue, symbol: row.symbol, venueSymbol: row.venue_symbol },
    ...{ assetClass: row.asset_class, stream: row.stream, timestamp: row.to_micros, receivedAt: now },
    ...{ fromSequence: row.from_sequence, toSequence: row.to_sequence, cause: row.cause, healedAt: now },
    ...{ fromTime: row.from_micros, toTime: row.to_micros },
  }));
  if (gaps.length > 0) await storage.write({ type: 'gap', length: gaps.length, rows: gaps });
  return gaps.length;
}
