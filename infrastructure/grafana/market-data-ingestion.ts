import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.js';
import { graph, stat } from './panels.js';
import { instance, prometheus, venue } from './variables.js';

const OF = 'instance=~"$instance"';
const VENUE = `${OF}, venue=~"$venue"`;

/** What comes in, by venue, and what becomes of it on its way to ClickHouse. */
export function marketDataIngestion(): Dashboard {
  return dashboard({
    uid: 'autotrader-ingestion',
    title: 'Market data ingestion',
    description:
      'What comes in, by venue and stream, how late, with which holes, and what becomes of it on its way to ClickHouse.',
    from: 'now-1h',
    variables: [prometheus(), instance(), venue()],
    rows: [
      { title: 'Totals by asset class', panels: totals() },
      { title: 'Venues', panels: venues() },
      { title: 'Completeness', panels: completeness() },
      { title: 'Spool', panels: spool() },
    ],
  });
}

function totals(): ReturnType<typeof stat>[] {
  const names = {
    EQUITY: 'Equities',
    CRYPTO: 'Crypto',
    FOREX: 'Currencies',
    COMMODITY: 'Commodities',
    INDEX: 'Indices',
  };
  return Object.entries(names).map(([assetClass, title]) =>
    stat(
      {
        title,
        description: `Events of ${title.toLowerCase()} taken in since the processes were started.`,
        unit: 'short',
      },
      `sum(ingestion_ticks_total{${VENUE}, asset_class="${assetClass}"}) or vector(0)`,
    ),
  );
}

function venues(): ReturnType<typeof graph>[] {
  const latency = (quantile: number): string =>
    `histogram_quantile(${quantile}, sum by (venue, le) (rate(ingestion_latency_seconds_bucket{${VENUE}}[$__rate_interval])))`;
  return [
    graph(
      { title: 'Events a second', description: 'Taken in, each once, by venue and stream.', unit: 'short' },
      {
        expr: `sum by (venue, stream) (rate(ingestion_ticks_total{${VENUE}}[$__rate_interval]))`,
        legend: '{{venue}} {{stream}}',
      },
    ),
    graph(
      {
        title: 'Latency, median',
        description: "From the venue's time of an event to its receipt.",
        unit: 's',
      },
      { expr: latency(0.5), legend: '{{venue}}' },
    ),
    graph(
      {
        title: 'Latency, 99 in 100',
        description: "From the venue's time of an event to its receipt.",
        unit: 's',
      },
      { expr: latency(0.99), legend: '{{venue}}' },
    ),
    graph(
      { title: 'Errors a minute', description: 'What went wrong, by venue and kind.', unit: 'short' },
      {
        expr: `60 * sum by (venue, kind) (rate(connector_errors_total{${VENUE}}[$__rate_interval]))`,
        legend: '{{venue}} {{kind}}',
      },
    ),
    graph(
      {
        title: 'Reconnects',
        description: 'Connections lost, or not made, and tried again, in the last five minutes.',
        unit: 'short',
      },
      { expr: `sum by (venue) (increase(websocket_reconnects_total{${VENUE}}[5m]))`, legend: '{{venue}}' },
    ),
    graph(
      { title: 'Time since the last event', description: 'Of any symbol of the stream.', unit: 's' },
      { expr: `time() - last_message_timestamp_seconds{${VENUE}}`, legend: '{{venue}} {{stream}}' },
    ),
  ];
}

function completeness(): ReturnType<typeof graph>[] {
  return [
    graph(
      {
        title: 'Holes',
        description: 'Found and healed in the last hour; each is a row in the table gap.',
        unit: 'short',
      },
      { expr: `sum by (venue) (increase(sequence_gaps_total{${VENUE}}[1h]))`, legend: '{{venue}} found' },
      {
        expr: `sum by (venue) (increase(sequence_gaps_healed_total{${VENUE}}[1h]))`,
        legend: '{{venue}} healed',
      },
    ),
    graph(
      {
        title: 'Order books',
        description: 'Streams of order books by state: live, asked for, cut off, refused by the venue.',
        unit: 'short',
      },
      {
        expr: `sum by (venue, state) (subscribed_streams{${VENUE}, stream=~"(?i).*depth.*"})`,
        legend: '{{venue}} {{state}}',
      },
    ),
    graph(
      {
        title: 'All streams',
        description: 'Streams by state, those among them that are silent for too long.',
        unit: 'short',
      },
      { expr: `sum by (venue, state) (subscribed_streams{${VENUE}})`, legend: '{{venue}} {{state}}' },
      { expr: `sum by (venue) (stale_streams{${VENUE}})`, legend: '{{venue}} silent' },
    ),
    graph(
      {
        title: 'Repetitions a second',
        description: 'Events that had come before, by their ids; they are the only ones that are not stored.',
        unit: 'short',
      },
      {
        expr: `sum by (venue) (rate(duplicates_dropped_total{${VENUE}}[$__rate_interval]))`,
        legend: '{{venue}}',
      },
    ),
    graph(
      {
        title: 'In quarantine',
        description: 'Frames that did not parse, in the last five minutes. They are kept.',
        unit: 'short',
      },
      { expr: `sum by (venue) (increase(quarantined_frames_total{${VENUE}}[5m]))`, legend: '{{venue}}' },
    ),
    graph(
      {
        title: 'Rows that wait in memory',
        description: 'Not yet in the spool: what a crash would cost.',
        unit: 'short',
      },
      { expr: `sum by (venue) (connector_buffered_rows{${VENUE}})`, legend: '{{venue}}' },
    ),
  ];
}

function spool(): ReturnType<typeof graph>[] {
  return [
    graph(
      {
        title: 'Spool',
        description:
          'Bytes on the disk that ClickHouse has not acknowledged, and the limit at which recording waits.',
        unit: 'bytes',
      },
      { expr: `spool_bytes{${OF}}`, legend: '{{instance}} waiting' },
      { expr: `spool_disk_bytes{${OF}}`, legend: '{{instance}} files' },
      { expr: `spool_limit_bytes{${OF}}`, legend: '{{instance}} limit' },
    ),
    graph(
      { title: 'Oldest batch', description: 'How long it has waited for ClickHouse.', unit: 's' },
      { expr: `spool_oldest_batch_seconds{${OF}}`, legend: '{{instance}}' },
    ),
    graph(
      {
        title: 'Insert, 99 in 100',
        description: 'From sending a batch to its acknowledgement, by table.',
        unit: 's',
      },
      {
        expr: `histogram_quantile(0.99, sum by (table, le) (rate(insert_duration_seconds_bucket{${OF}}[$__rate_interval])))`,
        legend: '{{table}}',
      },
    ),
    graph(
      { title: 'Rows a batch, median', description: 'Larger ones cost ClickHouse less.', unit: 'short' },
      {
        expr: `histogram_quantile(0.5, sum by (table, le) (rate(batch_rows_bucket{${OF}}[$__rate_interval])))`,
        legend: '{{table}}',
      },
    ),
    graph(
      {
        title: 'To the disk, 99 in 100',
        description: 'Until a batch is written and synced, waiting for room included.',
        unit: 's',
      },
      {
        expr: `histogram_quantile(0.99, sum by (le) (rate(spool_accept_seconds_bucket{${OF}}[$__rate_interval])))`,
        legend: 'accepted',
      },
    ),
    graph(
      {
        title: 'Bars, 99 in 100',
        description: 'Time to compute the bars of the minutes that ticks have arrived in.',
        unit: 's',
      },
      {
        expr: `histogram_quantile(0.99, sum by (le) (rate(bar_refresh_duration_seconds_bucket{${OF}}[$__rate_interval])))`,
        legend: 'computed',
      },
    ),
  ];
}
