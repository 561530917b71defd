import type { Registry } from 'prom-client';
import type { ConnectorSnapshot } from '../connector/snapshot.js';
import { PublishedHistogram } from './published-histogram.js';
import { publishGauge, publishTotal } from './published-metric.js';
import { type StreamGroup, streamGroups } from './stream-groups.js';

type Snapshots = () => readonly ConnectorSnapshot[];
type Groups = () => readonly StreamGroup[];

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
  const snapshots = onceAScrape(() => sources.map((source) => source()));
  const groups = onceAScrape(() => streamGroups(snapshots()));
  publishConnectors(registry, snapshots);
  publishByKind(registry, snapshots);
  publishStreamTotals(registry, groups);
  publishStreamGauges(registry, groups);
  registry.registerMetric(new PublishedHistogram(snapshots));
}

/** All metrics of a scrape are read in one go: they are of one moment, and the streams are gone through once. */
function onceAScrape<Value>(read: () => readonly Value[]): () => readonly Value[] {
  let known: readonly Value[] | undefined;
  return () => {
    if (known === undefined) queueMicrotask(() => (known = undefined));
    return (known ??= read());
  };
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
  const gauge = (name: string, help: string, read: Read, merge: typeof add): void =>
    publishGauge(registry, metric(name, help, read), merge);
  total('websocket_reconnects_total', 'Connections lost, or not made, and tried again', (c) => c.reconnects);
  total(
    'quarantined_frames_total',
    'Frames that did not parse, kept with their reason in the table quarantine',
    (c) => c.quarantined,
  );
  total('precision_loss_total', 'Numbers with more digits than a double keeps', (c) => c.precisionLosses);
  total('callback_errors_total', "Exceptions thrown by the user's callbacks", (c) => c.callbackErrors);
  const rows = 'Rows that wait for the consumer of the batches';
  gauge('connector_buffered_rows', rows, (c) => c.bufferedRows, add);
  const live = '1 while every stream is connected and agreed to by the venue';
  gauge('connector_live', live, (c) => Number(c.isLive), Math.min);
  const paused = '1 while nothing is read from the venue, since the storage is behind';
  gauge('connector_paused', paused, (c) => Number(c.isPaused), Math.max);
  const connections = 'Connections to the venue that are live';
  gauge('connector_connections', connections, (c) => c.connections, add);
  const offset =
    "Least time from an event of the venue to our receipt in the last minute or two: the way, and what our clock is ahead of the venue's; below zero it is behind";
  gauge('clock_offset_seconds', offset, (c) => leastSeconds(c), Math.min);
}

/** 0 while nothing has come. */
function leastSeconds({ latency }: ConnectorSnapshot): number {
  return Number.isFinite(latency.least) ? latency.least / 1e6 : 0;
}

function publishByKind(registry: Registry, snapshots: Snapshots): void {
  const total = (
    name: string,
    help: string,
    label: string,
    counts: (connector: ConnectorSnapshot) => Readonly<Record<string, number>>,
  ): void => {
    const read = () =>
      snapshots().flatMap((connector) =>
        Object.entries(counts(connector)).map(([kind, count]) => [[connector.venue, kind], count] as const),
      );
    publishTotal(registry, { name, help, labelNames: ['venue', label], read });
  };
  total('connector_errors_total', 'What went wrong, by kind', 'kind', ({ errors }) => errors);
  const received =
    'What the venue has sent, by type, with what had come before and with what is in quarantine';
  total('messages_received_total', received, 'type', (connector) => ({
    ...connector.received,
    invalid: connector.quarantined,
  }));
}

function publishStreamTotals(registry: Registry, groups: Groups): void {
  const total = (name: string, help: string, count: (group: StreamGroup) => number): void =>
    publishTotal(registry, {
      ...{ name, help, labelNames: STREAM_LABELS },
      read: () => groups().map((group) => [[group.venue, group.stream], count(group)] as const),
    });
  publishTotal(registry, {
    name: 'ingestion_ticks_total',
    help: 'Events taken in, all types, each once',
    labelNames: [...STREAM_LABELS, 'asset_class'],
    read: () =>
      groups().map(({ venue, stream, assetClass, events }) => [[venue, stream, assetClass], events] as const),
  });
  total(
    'duplicates_dropped_total',
    'Events that had come before, by their ids or times: the only ones that are not stored',
    ({ duplicates }) => duplicates,
  );
  total('sequence_gaps_total', 'Holes found, each one a row in the table gap', ({ gaps }) => gaps);
  total(
    'sequence_gaps_healed_total',
    'Holes that the venue has filled since, by what it sent late or again',
    ({ healed }) => healed,
  );
}

const STREAM_LABELS = ['venue', 'stream'];

function publishStreamGauges(registry: Registry, groups: Groups): void {
  const subscribed = (): readonly StreamGroup[] =>
    groups().filter(({ lastReceivedAt }) => lastReceivedAt > 0);
  const metric = (name: string, help: string, value: (group: StreamGroup) => number) => ({
    ...{ name, help, labelNames: STREAM_LABELS },
    read: () => subscribed().map((group) => [[group.venue, group.stream], value(group)] as const),
  });
  const stale = 'Streams that are subscribed and silent for longer than they should be';
  publishGauge(
    registry,
    metric('stale_streams', stale, (group) => group.stale),
    add,
  );
  const last = 'Our clock at the last event of the stream, any symbol; before the first, at the subscription';
  publishGauge(
    registry,
    metric('last_message_timestamp_seconds', last, ({ lastReceivedAt }) => lastReceivedAt / 1e6),
    Math.max,
  );
  const states = {
    name: 'subscribed_streams',
    help: 'Streams of instruments by state: asked for, agreed to by the venue, cut off, refused',
    labelNames: [...STREAM_LABELS, 'state'],
    read: () =>
      subscribed().flatMap(({ venue, stream, states: counts }) =>
        Object.entries(counts).map(([state, count]) => [[venue, stream, state], count] as const),
      ),
  };
  publishGauge(registry, states, add);
}

function add(one: number, other: number): number {
  return one + other;
}
