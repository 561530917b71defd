import { barList, insertBars } from './bar-insert.js';
import { exactSum, orderlessSum } from './exact-sum.js';
import { barsOf, type Span, ticksOf } from './spans.js';
import { sqlAny } from './sql-text.js';

/**
 * First by the venue's time, then by its id, or where it has none by the time we received it: one number, for it is
 * compared for each tick.
 */
const PLACE =
  'bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + ' +
  'if(sequence_id = 0, toUInt64(toUnixTimestamp64Micro(received_at)), sequence_id)';

const KEY = { venue: 'venue', symbol: 'symbol', interval: `'1m'`, price_type: 'type', open_time: 'minute' };

const FRESH = barList({
  ...KEY,
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
  turnover: orderlessSum('(price * size)'),
  ticks: 'toInt64(count())',
});

/** Ticks that are now those of an earlier minute: no bar, but as many that a bar may have fewer. */
const SUPERSEDED = barList({
  ...KEY,
  ...{ stream: `''`, venue_symbol: `''`, asset_class: `''` },
  ...{ timestamp: 'max(timestamp)', received_at: 'max(received_at)', sequence_id: '0' },
  ...{ open: '0', high: '0', low: '0', close: '0', volume: '0', trades: '0', turnover: '0' },
  ticks: 'toInt64(uniqExact(stream, sequence_id))',
});

/**
 * SQL that computes the minute bars of the spans anew, from the deduplicated ticks.
 *
 * Ticks leave a minute for an earlier one, which leaves a mark, or by their retention, which leaves none: a bar
 * is not replaced by one of fewer ticks unless there are marks for the difference. So bars outlive their ticks,
 * also when a late one arrives.
 */
export function minuteBars(database: string, spans: readonly Span[], version: number): string {
  const ofSpans = sqlAny(spans.map(ticksOf));
  const rows = (from: string): string => `
      FROM (
        SELECT *, received_at, if(kind = 'trade', 'trade', 'mid') AS type,
          toDateTime64(toStartOfMinute(timestamp), 6, 'UTC') AS minute
        FROM ${database}.${from}
      )`;
  const fresh = `SELECT ${FRESH}, true ${rows(`tick_raw FINAL WHERE condition != 'INDICATIVE' AND ${ofSpans}`)}
      GROUP BY venue, symbol, stream, type, minute`;
  const superseded = `SELECT ${SUPERSEDED}, false ${rows(`tick_raw WHERE is_superseded = 1 AND ${ofSpans}`)}
      GROUP BY venue, symbol, type, minute`;
  const having = 'sum(ticks) >= 0';
  return insertBars({ database, parts: [fresh, superseded], stored: storedMinutes(spans), having, version });
}

/** Condition on `bars_raw`. */
export function storedMinutes(spans: readonly Span[]): string {
  return `interval = '1m' AND ${sqlAny(spans.map((span) => barsOf(span, 'open_time', '1')))}`;
}
