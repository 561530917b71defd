import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.js';
import { graph, stat } from './panels.js';
import { instance, prometheus } from './variables.js';

const OF = 'instance=~"$instance"';

/** Whether it works, at a glance. */
export function systemOverview(): Dashboard {
  return dashboard({
    uid: 'autotrader-system',
    title: 'System overview',
    description: 'Whether the recorders work: what comes in, how late, what goes wrong, and what they take.',
    from: 'now-1h',
    variables: [prometheus(), instance()],
    rows: [
      { title: 'Now', panels: now() },
      { title: 'Traffic and errors', panels: traffic() },
      { title: 'The process', panels: processPanels() },
    ],
  });
}

function now(): ReturnType<typeof stat>[] {
  return [
    stat(
      {
        title: 'Venues away',
        description: 'Venues that are not connected, or not with every stream. Should be 0.',
        unit: 'short',
      },
      `count(connector_live{${OF}} == 0) or vector(0)`,
      1,
    ),
    stat(
      { title: 'Events a second', description: 'Ticks, books and bars taken in, each once.', unit: 'short' },
      `sum(rate(ingestion_ticks_total{${OF}}[$__rate_interval]))`,
    ),
    stat(
      { title: 'Ticks', description: 'Events taken in since the processes were started.', unit: 'short' },
      `sum(ingestion_ticks_total{${OF}})`,
    ),
    stat(
      {
        title: 'Silent streams',
        description:
          'Streams that are silent for longer than they should be. A market that is closed is silent, too.',
        unit: 'short',
      },
      `sum(stale_streams{${OF}})`,
      1,
    ),
    stat(
      {
        title: 'Oldest batch',
        description: 'How long what is recorded has waited for ClickHouse.',
        unit: 's',
      },
      `max(spool_oldest_batch_seconds{${OF}})`,
      60,
    ),
    stat(
      {
        title: 'Refused for good',
        description: 'Bytes that ClickHouse has refused and that are in files. Should be 0.',
        unit: 'bytes',
      },
      `sum(deadletter_bytes{${OF}})`,
      1,
    ),
  ];
}

function traffic(): ReturnType<typeof graph>[] {
  return [
    graph(
      {
        title: 'Messages a second',
        description: 'What the venues send, by venue: repetitions and what does not parse among it.',
        unit: 'short',
      },
      {
        expr: `sum by (venue) (rate(messages_received_total{${OF}}[$__rate_interval]))`,
        legend: '{{venue}}',
      },
    ),
    graph(
      {
        title: 'Latency, 99 in 100',
        description:
          "From the venue's time of an event to its receipt. Some venues send whole seconds, which is up to one second too much.",
        unit: 's',
      },
      {
        expr: `histogram_quantile(0.99, sum by (venue, le) (rate(ingestion_latency_seconds_bucket{${OF}}[$__rate_interval])))`,
        legend: '{{venue}}',
      },
    ),
    graph(
      {
        title: 'Receipt to stored, 99 in 100',
        description: 'From the receipt of the first row of a batch until ClickHouse has acknowledged it.',
        unit: 's',
      },
      {
        expr: `histogram_quantile(0.99, sum by (table, le) (rate(recv_to_stored_seconds_bucket{${OF}}[$__rate_interval])))`,
        legend: '{{table}}',
      },
    ),
    graph(
      {
        title: 'Errors a minute',
        description:
          'What went wrong at the venues by kind, and inserts that failed. All of these are tried again but for what is rejected.',
        unit: 'short',
      },
      {
        expr: `60 * sum by (kind) (rate(connector_errors_total{${OF}}[$__rate_interval]))`,
        legend: '{{kind}}',
      },
      { expr: `60 * sum(rate(insert_retries_total{${OF}}[$__rate_interval]))`, legend: 'insert' },
    ),
    graph(
      {
        title: 'Reconnects',
        description: 'Connections lost, or not made, and tried again, in the last five minutes.',
        unit: 'short',
      },
      { expr: `sum by (venue) (increase(websocket_reconnects_total{${OF}}[5m]))`, legend: '{{venue}}' },
    ),
    graph(
      {
        title: 'Rows stored a second',
        description: 'Rows that ClickHouse has acknowledged, by table.',
        unit: 'short',
      },
      { expr: `sum by (table) (rate(inserted_rows_total{${OF}}[$__rate_interval]))`, legend: '{{table}}' },
    ),
  ];
}

function processPanels(): ReturnType<typeof graph>[] {
  return [
    graph(
      { title: 'Memory', description: 'Of the ingestor. It does not grow over days.', unit: 'bytes' },
      { expr: `process_resident_memory_bytes{${OF}}`, legend: '{{instance}}' },
      { expr: `nodejs_heap_size_used_bytes{${OF}}`, legend: '{{instance}} heap' },
    ),
    graph(
      {
        title: 'Event loop',
        description:
          'How long one in a hundred of its turns is held up. What it is held up by, receipt times are late.',
        unit: 's',
      },
      { expr: `nodejs_eventloop_lag_p99_seconds{${OF}}`, legend: '{{instance}}' },
    ),
    graph(
      { title: 'Processor', description: 'Share of one core that the process takes.', unit: 'percentunit' },
      { expr: `rate(process_cpu_seconds_total{${OF}}[$__rate_interval])`, legend: '{{instance}}' },
    ),
    graph(
      {
        title: 'Handles',
        description:
          'Sockets, timers and files that are open. It goes up and down with the connections, and does not grow.',
        unit: 'short',
      },
      { expr: `sum by (instance) (nodejs_active_resources{${OF}})`, legend: '{{instance}}' },
    ),
    graph(
      {
        title: 'Garbage collection',
        description: 'Share of the time that goes into it.',
        unit: 'percentunit',
      },
      {
        expr: `sum by (instance) (rate(nodejs_gc_duration_seconds_sum{${OF}}[$__rate_interval]))`,
        legend: '{{instance}}',
      },
    ),
    graph(
      {
        title: 'Clock against the venues',
        description: 'Least time from event to receipt: below zero, our clock is behind.',
        unit: 's',
      },
      { expr: `clock_offset_seconds{${OF}}`, legend: '{{venue}}' },
    ),
  ];
}
