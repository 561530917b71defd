import { barList, insertBars } from './bar-insert.js';
import { exactSum, orderlessSum } from './exact-sum.js';
import { barsOf, type Span } from './spans.js';
import { sqlAny, sqlTexts } from './sql-text.js';

/** In minutes; each is a whole number of minutes and a part of a day, in UTC. */
const LENGTHS = { '5m': 5, '15m': 15, '1h': 60, '1d': 1440 } as const;

const INTERVALS = Object.keys(LENGTHS);
const LONGER = `[${Object.entries(LENGTHS)
  .map(([interval, length]) => `('${interval}', ${length})`)
  .join(', ')}]`;
const DAY = LENGTHS['1d'];

const FRESH = barList({
  ...{ venue: 'venue', symbol: 'symbol', interval: 'length', price_type: 'price_type', open_time: 'start' },
  ...{ stream: 'argMax(stream, minute)', venue_symbol: 'any(venue_symbol)', asset_class: 'any(asset_class)' },
  timestamp: 'max(timestamp)',
  received_at: 'argMax(received_at, minute)',
  sequence_id: 'argMax(sequence_id, minute)',
  open: 'argMin(open, minute)',
  high: 'max(high)',
  low: 'min(low)',
  close: 'argMax(close, minute)',
  volume: exactSum('volume'),
  trades: 'sum(assumeNotNull(trades))',
  turnover: orderlessSum('(ifNull(vwap, 0) * volume)'),
  ticks: 'toInt64(sum(ticks))',
});

/** SQL that computes the longer bars that the spans are part of anew, from the minute bars. */
export function longerBars(database: string, spans: readonly Span[], version: number): string {
  const days = spans.map((span) => ({
    ...span,
    from: startOfDay(span.from),
    to: startOfDay(span.to) + DAY - 1,
  }));
  const ofDays = sqlAny(days.map((day) => barsOf(day, 'open_time', '1')));
  const fresh = `SELECT ${FRESH}, true
      FROM (
        SELECT *, open_time AS minute, longer.1 AS length,
          toDateTime64(intDiv(toUnixTimestamp(minute), 60 * longer.2) * 60 * longer.2, 6, 'UTC') AS start
        FROM (
          SELECT * FROM ${database}.bars_raw FINAL WHERE source = 'ticks' AND interval = '1m' AND ${ofDays}
        )
        ARRAY JOIN ${LONGER} AS longer
        WHERE ${sqlAny(spans.map((span) => barsOf(span, 'start', 'longer.2')))}
      )
      GROUP BY venue, symbol, price_type, length, start`;
  return insertBars({ database, parts: [fresh], stored: storedLonger(spans), having: 'true', version });
}

/** Condition on `bars_raw`. */
export function storedLonger(spans: readonly Span[]): string {
  const length = `transform(interval, [${INTERVALS.map((each) => `'${each}'`).join(', ')}], [${Object.values(LENGTHS).join(', ')}], 0)`;
  return `interval IN ${sqlTexts(INTERVALS)} AND ${sqlAny(spans.map((span) => barsOf(span, 'open_time', length)))}`;
}

function startOfDay(minute: number): number {
  return Math.floor(minute / DAY) * DAY;
}
