import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.js';
import { sqlGraph, table } from './panels.js';
import { clickhouse, storedVenue } from './variables.js';

const VENUE = 'venue IN (${venue:singlequote})';

/** What is stored, what is missing, and what came late or twice; asked of ClickHouse itself. */
export function dataQuality(): Dashboard {
  return dashboard({
    uid: 'autotrader-quality',
    title: 'Data quality',
    description:
      'What is stored and what is missing, by symbol and day; what came late, twice, or not understood; how far back-fills are.',
    from: 'now-24h',
    variables: [clickhouse(), storedVenue()],
    rows: [
      { title: 'Coverage and holes', panels: holes() },
      { title: 'Late and double', panels: lateness() },
      { title: 'History and storage', panels: history() },
    ],
  });
}

function holes(): ReturnType<typeof table>[] {
  return [
    table(
      {
        title: 'Coverage by symbol and day',
        description:
          'Share of the time between the first and the last event of a day that is in no open gap; how many ids are missing.',
      },
      `
SELECT day, venue, symbol, stream, ticks, missing_ids, round(gap_seconds, 3) AS seconds_missing,
  round(100 * (1 - least(1, gap_seconds / greatest(seconds, 0.001))), 4) AS percent
FROM (
  SELECT toDate(timestamp) AS day, venue, symbol, stream, count() AS ticks,
    toFloat64(max(timestamp)) - toFloat64(min(timestamp)) AS seconds
  FROM tick WHERE $__timeFilter(timestamp) AND ${VENUE} GROUP BY day, venue, symbol, stream
) AS stored
LEFT JOIN (
  SELECT toDate(from_time) AS day, venue, symbol, stream, sum(to_sequence - from_sequence + 1) AS missing_ids,
    sum(toFloat64(to_time) - toFloat64(from_time)) AS gap_seconds
  FROM gap WHERE healed_at IS NULL AND $__timeFilter(from_time) GROUP BY day, venue, symbol, stream
) AS missing USING (day, venue, symbol, stream)
ORDER BY percent, day DESC, venue, symbol, stream`,
      24,
    ),
    table(
      {
        title: 'Open gaps',
        description: 'What is missing and has not been filled since, with its cause; newest first.',
      },
      `
SELECT from_time, to_time, venue, symbol, stream, cause, to_sequence - from_sequence + 1 AS missing_ids
FROM gap WHERE healed_at IS NULL AND $__timeFilter(from_time) AND ${VENUE}
ORDER BY from_time DESC LIMIT 200`,
    ),
    sqlGraph(
      {
        title: 'Gaps found and healed',
        description: 'By the time at which something is missing.',
        unit: 'short',
      },
      `
SELECT toStartOfInterval(from_time, INTERVAL 5 MINUTE) AS time,
  if(healed_at IS NULL, 'open', 'healed') AS state, count() AS gaps
FROM gap WHERE $__timeFilter(from_time) AND ${VENUE} GROUP BY time, state ORDER BY time`,
    ),
  ];
}

function lateness(): ReturnType<typeof table>[] {
  return [
    sqlGraph(
      {
        title: 'Events that came late',
        description:
          'Received more than ten seconds after they happened, by venue; of what was recorded live.',
        unit: 'short',
      },
      `
SELECT toStartOfMinute(received_at) AS time, venue, countIf(received_at - timestamp > 10) AS late
FROM tick WHERE $__timeFilter(received_at) AND ${VENUE} AND origin = 'live' GROUP BY time, venue ORDER BY time`,
    ),
    table(
      {
        title: 'Stored copies',
        description:
          'Rows that ClickHouse was given more than once (a replay, a second recorder, a repeated insert) and takes for one: copies are left out of the view tick at once, and removed by merges later. Double must be 0.',
      },
      `
SELECT venue, sum(given) AS rows_stored, sum(given) - sum(kept) AS copies_left_out, sum(double) AS double
FROM (
  SELECT venue, count() AS given, 0 AS kept, 0 AS double FROM tick_raw
  WHERE $__timeFilter(timestamp) AND ${VENUE} GROUP BY venue
  UNION ALL
  SELECT venue, 0, count(),
    countIf(sequence_id > 0) - uniqExactIf((symbol, stream, sequence_id), sequence_id > 0)
  FROM tick WHERE $__timeFilter(timestamp) AND ${VENUE} GROUP BY venue
)
GROUP BY venue ORDER BY venue`,
    ),
    table(
      {
        title: 'In quarantine',
        description: 'What did not parse, by reason; the bytes are in the table quarantine.',
      },
      `
SELECT venue, reason, count() AS frames, max(received_at) AS last
FROM quarantine WHERE $__timeFilter(received_at) GROUP BY venue, reason ORDER BY frames DESC LIMIT 50`,
    ),
  ];
}

function history(): ReturnType<typeof table>[] {
  return [
    table(
      {
        title: 'Back-fills',
        description: 'Tasks of the ledger by dataset and symbol: how far it is, and what failed.',
      },
      `
SELECT dataset, symbol, toDate(min(from_time)) AS first_day, toDate(max(to_time)) AS last_day,
  round(100 * countIf(state IN ('done', 'empty')) / count(), 1) AS percent,
  countIf(state = 'failed') AS failed, sum(rows) AS rows_stored, max(changed_at) AS last_change
FROM backfill_task GROUP BY dataset, symbol ORDER BY percent, dataset, symbol`,
    ),
    table(
      { title: 'Storage by table', description: 'What each table takes on the disk.' },
      `
SELECT table, sum(rows) AS rows_stored, formatReadableSize(sum(bytes_on_disk)) AS size,
  round(sum(bytes_on_disk) / sum(rows), 2) AS bytes_a_row, count() AS parts
FROM system.parts WHERE database = currentDatabase() AND active AND rows > 0
GROUP BY table ORDER BY sum(bytes_on_disk) DESC`,
    ),
  ];
}
