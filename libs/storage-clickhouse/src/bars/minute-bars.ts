import { type BarColumns, type BarVersion, insertBars } from './bar-insert.js';
import { exactSum } from './exact-sum.js';
import { barsOf, type Span, ticksOf } from './spans.js';
import { sqlAny } from './sql-text.js';

/** First by the venue's time, then by its id: one number, for it is compared for each tick. */
const PLACE = 'bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + sequence_id';

const COLUMNS: BarColumns = {
  ...{ venue: 'venue', symbol: 'symbol', interval: `'1m'`, price_type: 'type', open_time: 'minute' },
  ...{ stream: 'stream', venue_symbol: 'any(venue_symbol)', asset_class: 'any(asset_class)' },
  timestamp: 'max(timestamp)',
  received_at: `argMax(received_at, ${PLACE})`,
  sequence_id: `argMax(sequence_id, ${PLACE})`,
  open: `argMin(price, ${PLACE})`,
  high: 'max(price)',
  low: 'min(price)',
  close: `argMax(price, ${PLACE})`,
  volume: exactSum('size'),
  trades: 'count()',
  turnover: 'sumKahan(price * size)',
};

/** SQL that computes the minute bars of the spans anew, from the deduplicated ticks. */
export function minuteBars(database: string, spans: readonly Span[], version: BarVersion): string {
  const from = `
      FROM (
          SELECT *, received_at, if(kind = 'trade', 'trade', 'mid') AS type,
            toDateTime64(toStartOfMinute(timestamp), 6, 'UTC') AS minute
          FROM ${database}.tick_raw FINAL
          WHERE ${sqlAny(spans.map(ticksOf))}
        )
        GROUP BY venue, symbol, stream, type, minute`;
  return insertBars(database, COLUMNS, from, storedMinutes(spans), version);
}

/** Condition on `bars_raw`. */
export function storedMinutes(spans: readonly Span[]): string {
  return `interval = '1m' AND ${sqlAny(spans.map((span) => barsOf(span, 'open_time', '1')))}`;
}
