import { Counter, Gauge, type Registry } from 'prom-client';

/** Values of the labels, in the order of the metric's label names. */
export type LabelValues = readonly string[];

/** What a metric says of itself, and where it is read when somebody scrapes. */
export interface PublishedMetric {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** One or more values for any labels. */
  read(): readonly (readonly [labels: LabelValues, value: number])[];
}

/** Registers a total that only grows; values of the same labels are added up. */
export function publishTotal(registry: Registry, metric: PublishedMetric): void {
  const { name, help, labelNames } = metric;
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, value] of metric.read()) this.labels(...labels).inc(value);
    },
  });
}

/** Registers a value that rises and falls; `merge` makes one of several of the same labels. */
export function publishGauge(
  registry: Registry,
  metric: PublishedMetric,
  merge: (one: number, other: number) => number,
): void {
  const { name, help, labelNames } = metric;
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      const merged = new Map<string, { labels: LabelValues; value: number }>();
      for (const [labels, value] of metric.read()) {
        const known = merged.get(labels.join('\n'));
        merged.set(labels.join('\n'), {
          labels,
          value: known === undefined ? value : merge(known.value, value),
        });
      }
      for (const { labels, value } of merged.values()) this.labels(...labels).set(value);
    },
  });
}
