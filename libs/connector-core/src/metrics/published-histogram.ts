import { Histogram, type MetricType } from 'prom-client';
import type { ConnectorSnapshot } from '../connector/snapshot.js';
import { LATENCY_BUCKETS, LatencyHistogram } from './latency-histogram.js';

type Published = Awaited<ReturnType<Histogram<'venue'>['get']>>;

const LATENCY = {
  name: 'ingestion_latency_seconds',
  help: "From the venue's event time to our receive time; below zero counts as zero",
};

/** A histogram whose buckets are counted elsewhere, in plain numbers, and read when somebody scrapes. */
export class PublishedHistogram extends Histogram<'venue'> {
  constructor(private readonly snapshots: () => readonly ConnectorSnapshot[]) {
    super({ ...LATENCY, labelNames: ['venue'], buckets: [...LATENCY_BUCKETS], registers: [] });
  }

  override get(): Promise<Published> {
    return Promise.resolve(this.#read());
  }

  /** What the registry calls when it writes the text format. */
  getForPromString(): Promise<Published> {
    return this.get();
  }

  #read(): Published {
    const venues = new Map<string, LatencyHistogram>();
    for (const { venue, latency } of this.snapshots()) {
      const total = venues.get(venue) ?? new LatencyHistogram();
      venues.set(venue, total.add(latency));
    }
    const values = [...venues].flatMap(([venue, latency]) => seriesOf(venue, latency));
    // prom-client's types name an enum here that its code does not have; the text is what it compares.
    const type = 'histogram' as unknown as MetricType;
    return { ...LATENCY, type, values, aggregator: 'sum', collect: () => undefined };
  }
}

function seriesOf(venue: string, latency: LatencyHistogram): Published['values'] {
  let count = 0;
  const buckets = [...LATENCY_BUCKETS, '+Inf'].map((bound, index) => {
    count += latency.counts[index] ?? 0;
    return { labels: { venue, le: bound }, value: count, metricName: `${LATENCY.name}_bucket` };
  });
  return [
    ...buckets,
    { labels: { venue }, value: latency.sum, metricName: `${LATENCY.name}_sum` },
    { labels: { venue }, value: count, metricName: `${LATENCY.name}_count` },
  ];
}
