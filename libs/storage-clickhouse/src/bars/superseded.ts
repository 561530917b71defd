import type { TouchedInterval } from './touched.js';
import { sqlAny, sqlMinute, sqlText } from './sql-text.js';

/**
 * So many minutes apart may two receivers have got the same event: one may have been held up by a full buffer, or
 * its clock may be wrong.
 */
const MOST_APART = 10;

/** Rows whose time is our receive time, of which copies may lie in other minutes. */
export type Copies = Omit<TouchedInterval, 'priceType'>;

/** Minutes that lost rows to an earlier one. */
export interface LosingMinute {
  readonly venue: string;
  readonly symbol: string;
  /** `trade`, `quote`; empty for a book. */
  readonly kind: string;
  /** Counted from the epoch. */
  readonly losing: number;
}

/**
 * The rows that are copies of an event of an earlier minute, and what says so of those of them that have not been
 * marked. The venue sends no time with such an event, so each receiver stored it with its own; copies within a
 * minute have one key, those in two minutes have two, and the earlier one stands.
 *
 * A row counts only if its time is its receive time, and so the venue's time of no event is mistaken for ours: that
 * would take two events of one id within minutes, both with no delay at all between venue and us.
 */
function groupsOf(database: string, table: Copies['table'], copies: readonly Copies[]): string {
  const kind = table === 'tick_raw' ? 'any(kind)' : `''`;
  return `
      SELECT *, min(minute) OVER (PARTITION BY venue, symbol, stream, sequence_id) AS first
      FROM (
        SELECT venue, symbol, stream, sequence_id, toDateTime64(toStartOfMinute(timestamp), 6, 'UTC') AS minute,
          any(venue_symbol) AS venue_symbol, any(asset_class) AS asset_class, ${kind} AS kind,
          min(origin) AS origin, max(is_superseded) AS is_marked
        FROM ${database}.${table}
        WHERE (timestamp = received_at OR is_superseded = 1) AND ${sqlAny(copies.map(conditionOf))}
        GROUP BY venue, symbol, stream, sequence_id, minute
      )`;
}

function conditionOf({ venue, symbol, stream, fromMinute, toMinute, fromId, toId }: Copies): string {
  return (
    `venue = ${sqlText(venue)} AND symbol = ${sqlText(symbol)} AND stream = ${sqlText(stream)}` +
    ` AND timestamp >= ${sqlMinute(fromMinute - MOST_APART)}` +
    ` AND timestamp < ${sqlMinute(toMinute + MOST_APART + 1)}` +
    ` AND sequence_id BETWEEN ${fromId} AND ${toId}`
  );
}

/** SQL of the minutes that lost rows, be they marked or not: who marked them may not have gone on from there. */
export function selectLosing(database: string, table: Copies['table'], copies: readonly Copies[]): string {
  return `
    SELECT DISTINCT venue, symbol, kind, intDiv(toUnixTimestamp(minute), 60) AS losing
    FROM (${groupsOf(database, table, copies)})
    WHERE minute > first`;
}

/**
 * SQL that marks them: a row of the same key that is received before the minute begins, and so before any copy
 * in it, and stands for nothing.
 */
export function markSuperseded(database: string, table: Copies['table'], copies: readonly Copies[]): string {
  const kind = table === 'tick_raw' ? ['kind'] : [];
  const same = ['venue', 'symbol', 'venue_symbol', 'asset_class', 'stream', 'sequence_id', 'origin', ...kind];
  return `
    INSERT INTO ${database}.${table} (${same.join(', ')}, timestamp, received_order, is_superseded)
    SELECT ${same.join(', ')}, minute, bitNot(toUInt64(toUnixTimestamp64Micro(minute) - 1)), 1
    FROM (${groupsOf(database, table, copies)})
    WHERE minute > first AND is_marked = 0`;
}
