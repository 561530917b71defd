import type { SentCount } from '@autotrader/connector-core/testing';
import type { Storage } from '@autotrader/storage-clickhouse';
import type { Micros } from '@autotrader/schemas';

/** One stream of one symbol: what the venue sent of it, and what is stored. */
export interface LedgerRow {
  readonly venue: string;
  readonly venueSymbol: string;
  readonly stream: string;
  /** Events that differ by the venue's id. */
  readonly sent: number;
  readonly stored: number;
}

/** When a recording's first and last frame came in, our clock, microseconds. */
export interface Period {
  readonly from: Micros;
  readonly to: Micros;
}

/** What came from a venue; bars of our own making did not. */
const SENT_EVENTS = ['FROM tick WHERE true', 'FROM depth WHERE true', `FROM bars WHERE source = 'venue'`];

/** Holds what a simulator sent against what ClickHouse has, stream by stream. */
export async function reconcile(
  venue: string,
  sent: readonly SentCount[],
  storage: Pick<Storage, 'query'>,
  period?: Period,
): Promise<LedgerRow[]> {
  const stored = await storedCounts(venue, storage, period);
  return sent.map(({ venueSymbol, stream, events }) => {
    return { venue, venueSymbol, stream, sent: events, stored: stored.get(`${venueSymbol} ${stream}`) ?? 0 };
  });
}

/** Whether every event that was sent is stored, and no more. */
export function agrees(rows: readonly LedgerRow[]): boolean {
  return rows.length > 0 && rows.every(({ sent, stored }) => sent === stored);
}

async function storedCounts(
  venue: string,
  storage: Pick<Storage, 'query'>,
  period: Period | undefined,
): Promise<Map<string, number>> {
  const during =
    period === undefined
      ? ''
      : ` AND received_at BETWEEN ${timeLiteral(period.from)} AND ${timeLiteral(period.to)}`;
  const selects = SENT_EVENTS.map(
    (events) =>
      `SELECT venue_symbol, stream, count() AS rows ${events} AND venue = '${venue}'${during} GROUP BY 1, 2`,
  );
  const rows = await storage.query<{ venue_symbol: string; stream: string; rows: number }>(
    selects.join(' UNION ALL '),
  );
  return new Map(rows.map((row) => [`${row.venue_symbol} ${row.stream}`, row.rows]));
}

function timeLiteral(micros: Micros): string {
  return `fromUnixTimestamp64Micro(${micros}, 'UTC')`;
}
