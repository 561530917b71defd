import { Counter, Gauge, Histogram, type MetricType, type Registry } from 'prom-client';
import type { ConnectorSnapshot } from '../connector/snapshot.js';
import { LATENCY_BUCKETS } from './latency-histogram.js';

type Snapshots = () => readonly ConnectorSnapshot[];

const registered = new WeakMap<Registry, (() => ConnectorSnapshot)[]>();

/**
 * Publishes a connector's counts in a registry. Nothing is counted by labelled metrics while events flow: they are
 * filled in when somebody scrapes. Several connectors may share a registry.
 */
export function registerMetrics(registry: Registry, snapshot: () => ConnectorSnapshot): void {
  const connectors = registered.get(registry);
  if (connectors !== undefined) {
    connectors.push(snapshot);
    return;
  }
  const sources = [snapshot];
  registered.set(registry, sources);
  const snapshots: Snapshots = () => sources.map((source) => source());
  registerTotals(registry, snapshots);
  registerStreams(registry, snapshots);
  registerLatency(registry, snapshots);
}

function registerTotals(registry: Registry, snapshots: Snapshots): void {
  const total = (name: string, help: string, read: (connector: ConnectorSnapshot) => number): void => {
    new Counter({
      name,
      help,
      labelNames: ['venue'],
      registers: [registry],
      collect() {
        this.reset();
        for (const connector of snapshots()) this.inc({ venue: connector.venue }, read(connector));
      },
    });
  };
  total(
    'websocket_reconnects_total',
    'Connections to the venue that were lost and made again',
    (c) => c.reconnects,
  );
  total(
    'quarantined_frames_total',
    'Frames that did not parse and were kept with their reason',
    (c) => c.quarantined,
  );
  total(
    'precision_loss_total',
    'Prices and sizes with more digits than a double keeps',
    (c) => c.precisionLosses,
  );
  total('callback_errors_total', "Exceptions thrown by the user's callbacks", (c) => c.callbackErrors);
  new Counter({
    name: 'connector_errors_total',
    help: 'Errors of a connector by kind',
    labelNames: ['venue', 'kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { venue, quarantined, reconnects, streams } of snapshots()) {
        this.inc({ venue, kind: 'parse' }, quarantined);
        this.inc({ venue, kind: 'transport' }, reconnects);
        this.inc(
          { venue, kind: 'sequence_gap' },
          streams.reduce((sum, { gaps }) => sum + gaps, 0),
        );
        this.inc({ venue, kind: 'rejected' }, streams.filter(({ state }) => state === 'rejected').length);
      }
    },
  });
  const gauge = (name: string, help: string, read: (connector: ConnectorSnapshot) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['venue'],
      registers: [registry],
      collect() {
        this.reset();
        for (const connector of snapshots()) this.inc({ venue: connector.venue }, read(connector));
      },
    });
  };
  gauge('connector_buffered_rows', 'Rows that wait for the consumer of the batches', (c) => c.bufferedRows);
  gauge('connector_live', '1 while every stream is connected and agreed to by the venue', (c) =>
    c.isLive ? 1 : 0,
  );
}

function registerStreams(registry: Registry, snapshots: Snapshots): void {
  type Stream = ConnectorSnapshot['streams'][number];
  const labelNames = ['venue', 'stream'] as const;
  const each = (add: (labels: { venue: string; stream: string }, stream: Stream) => void): void => {
    for (const connector of snapshots()) {
      for (const stream of connector.streams) add({ venue: stream.venue, stream: stream.stream }, stream);
    }
  };
  const total = (name: string, help: string, read: (stream: Stream) => number): void => {
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        each((labels, stream) => this.inc(labels, read(stream)));
      },
    });
  };
  total('ingestion_ticks_total', 'Events taken in, all kinds', ({ events }) => events);
  total(
    'duplicates_dropped_total',
    'Events that had come before, by the ids of the venue',
    (s) => s.duplicates,
  );
  total('sequence_gaps_total', 'Gap events: holes found, and holes that healed', ({ gaps }) => gaps);
  new Gauge({
    name: 'stale_streams',
    help: 'Streams that are subscribed and silent for longer than they should be',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      each((labels, { isStale }) => this.inc(labels, isStale ? 1 : 0));
    },
  });
  new Gauge({
    name: 'last_message_timestamp_seconds',
    help: 'Our clock at the last event of the stream, any symbol',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      const latest = new Map<string, { venue: string; stream: string; at: number }>();
      each((labels, { lastReceivedAt }) => {
        const key = `${labels.venue} ${labels.stream}`;
        latest.set(key, { ...labels, at: Math.max(lastReceivedAt, latest.get(key)?.at ?? 0) });
      });
      for (const { venue, stream, at } of latest.values()) this.set({ venue, stream }, at / 1e6);
    },
  });
}

function registerLatency(registry: Registry, snapshots: Snapshots): void {
  registry.registerMetric(new PlainHistogram(snapshots));
}

const LATENCY = {
  name: 'ingestion_latency_seconds',
  help: "From the venue's event time to our receive time; below zero counts as zero",
};

/** A histogram whose buckets are counted elsewhere, in plain numbers, and read when somebody scrapes. */
class PlainHistogram extends Histogram<'venue'> {
  constructor(private readonly snapshots: Snapshots) {
    super({ ...LATENCY, labelNames: ['venue'], buckets: [...LATENCY_BUCKETS], registers: [] });
  }

  override get(): ReturnType<Histogram<'venue'>['get']> {
    return Promise.resolve(this.#read());
  }

  /** What the registry calls when it writes the text format. */
  getForPromString(): ReturnType<Histogram<'venue'>['get']> {
    return this.get();
  }

  #read(): Awaited<ReturnType<Histogram<'venue'>['get']>> {
    const values = this.snapshots().flatMap(({ venue, latency }) => {
      let count = 0;
      const bucket = (bound: number | string, index: number) => {
        count += latency.counts[index] ?? 0;
        return { labels: { venue, le: bound }, value: count, metricName: `${LATENCY.name}_bucket` };
      };
      return [
        ...[...LATENCY_BUCKETS, '+Inf'].map(bucket),
        { labels: { venue }, value: latency.sum, metricName: `${LATENCY.name}_sum` },
        { labels: { venue }, value: count, metricName: `${LATENCY.name}_count` },
      ];
    });
    // prom-client's types name an enum here that its code does not have; the text is what it compares.
    return {
      ...LATENCY,
      type: 'histogram' as unknown as MetricType,
      values,
      aggregator: 'sum',
      collect: () => undefined,
    };
  }
}
