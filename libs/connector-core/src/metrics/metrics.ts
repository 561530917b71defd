import type { Registry } from 'prom-client';
import type { ConnectorSnapshot, StreamSnapshot } from '../connector/snapshot.js';
import type { StreamTotals } from '../connector/subscription-list.js';
import { PublishedHistogram } from './published-histogram.js';
import { publishGauge, publishTotal } from './published-metric.js';

type Snapshots = () => readonly ConnectorSnapshot[];

const registered = new WeakMap<Registry, (() => ConnectorSnapshot)[]>();

/**
 * Publishes a connector's counts in a registry. Nothing is counted by labelled metrics while events flow: they are
 * filled in when somebody scrapes. Several connectors may share a registry; those of one venue are taken together.
 */
export function registerMetrics(registry: Registry, snapshot: () => ConnectorSnapshot): void {
  const connectors = registered.get(registry);
  if (connectors !== undefined && registry.getSingleMetric('ingestion_ticks_total') !== undefined) {
    connectors.push(snapshot);
    return;
  }
  const sources = [snapshot];
  registered.set(registry, sources);
  const snapshots: Snapshots = () => sources.map((source) => source());
  publishConnectors(registry, snapshots);
  publishErrors(registry, snapshots);
  publishStreamTotals(registry, snapshots);
  publishStreamGauges(registry, snapshots);
  registry.registerMetric(new PublishedHistogram(snapshots));
}

function publishConnectors(registry: Registry, snapshots: Snapshots): void {
  type Read = (connector: ConnectorSnapshot) => number;
  const metric = (name: string, help: string, read: Read) => ({
    name,
    help,
    labelNames: ['venue'],
    read: () => snapshots().map((connector) => [[connector.venue], read(connector)] as const),
  });
  const total = (name: string, help: string, read: Read): void =>
    publishTotal(registry, metric(name, help, read));
  total('websocket_reconnects_total', 'Connections lost, or not made, and tried again', (c) => c.reconnects);
  total(
    'quarantined_frames_total',
    'Frames that did not parse, kept with their reason',
    (c) => c.quarantined,
  );
  total('precision_loss_total', 'Numbers with more digits than a double keeps', (c) => c.precisionLosses);
  total('callback_errors_total', "Exceptions thrown by the user's callbacks", (c) => c.callbackErrors);
  const rows = 'Rows that wait for the consumer of the batches';
  publishGauge(
    registry,
    metric('connector_buffered_rows', rows, (c) => c.bufferedRows),
    add,
  );
  const live = '1 while every stream is connected and agreed to by the venue';
  publishGauge(
    registry,
    metric('connector_live', live, (c) => Number(c.isLive)),
    Math.min,
  );
}

function publishErrors(registry: Registry, snapshots: Snapshots): void {
  publishTotal(registry, {
    name: 'connector_errors_total',
    help: 'What went wrong, by kind',
    labelNames: ['venue', 'kind'],
    read: () =>
      snapshots().flatMap(({ venue, errors }) =>
        Object.entries(errors).map(([kind, count]) => [[venue, kind], count] as const),
      ),
  });
}

const STREAM_LABELS = ['venue', 'stream'];

function publishStreamTotals(registry: Registry, snapshots: Snapshots): void {
  const total = (name: string, help: string, count: (stream: StreamTotals) => number): void => {
    const read = () =>
      snapshots().flatMap(({ venue, streams, left }) =>
        [...streams, ...left].map((one) => [[venue, one.stream], count(one)] as const),
      );
    publishTotal(registry, { name, help, labelNames: STREAM_LABELS, read });
  };
  total('ingestion_ticks_total', 'Events taken in, all kinds', ({ events }) => events);
  total('duplicates_dropped_total', 'Events that had come before, by their ids', (one) => one.duplicates);
  total('sequence_gaps_total', 'Gap events: holes found, and holes that healed', ({ gaps }) => gaps);
}

function publishStreamGauges(registry: Registry, snapshots: Snapshots): void {
  const metric = (name: string, help: string, value: (stream: StreamSnapshot) => number) => ({
    name,
    help,
    labelNames: STREAM_LABELS,
    read: () =>
      snapshots().flatMap(({ venue, streams }) =>
        streams.map((one) => [[venue, one.stream], value(one)] as const),
      ),
  });
  const stale = 'Streams that are subscribed and silent for longer than they should be';
  publishGauge(
    registry,
    metric('stale_streams', stale, ({ isStale }) => Number(isStale)),
    add,
  );
  const last = 'Our clock at the last event of the stream, any symbol; before the first, at the subscription';
  const seconds = ({ lastReceivedAt }: StreamSnapshot): number => lastReceivedAt / 1e6;
  publishGauge(registry, metric('last_message_timestamp_seconds', last, seconds), Math.max);
}

function add(one: number, other: number): number {
  return one + other;
}
