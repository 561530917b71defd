import { Counter, Histogram, type Registry } from 'prom-client';

/** What the storage counts; nothing is counted without a registry. */
export interface StorageMetrics {
  inserted(table: string, rows: number, seconds: number): void;
  failed(code: string): void;
  retried(): void;
}

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const NO_METRICS: StorageMetrics = {
  inserted: () => undefined,
  failed: () => undefined,
  retried: () => undefined,
};

/** The metrics in the registry; storages that share a registry share the metrics. */
export function storageMetrics(registry: Registry | undefined): StorageMetrics {
  if (registry === undefined) return NO_METRICS;
  const durations = histogram(
    registry,
    'insert_duration_seconds',
    'time from sending a batch to its acknowledgement',
  );
  const rows = counter(registry, 'inserted_rows_total', 'rows that ClickHouse acknowledged', ['table']);
  const errors = counter(registry, 'insert_errors_total', 'failed inserts by the code of the error', [
    'code',
  ]);
  const retries = counter(registry, 'insert_retries_total', 'inserts that were sent again', []);
  return {
    inserted: (table, count, seconds) => {
      durations.observe({ table }, seconds);
      rows.inc({ table }, count);
    },
    failed: (code) => errors.inc({ code }),
    retried: () => retries.inc(),
  };
}

function histogram(registry: Registry, name: string, help: string): Histogram<'table'> {
  const known = registry.getSingleMetric(name);
  if (known instanceof Histogram) return known;
  return new Histogram({
    name,
    help,
    labelNames: ['table'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
}

function counter<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[],
): Counter<Label> {
  const known = registry.getSingleMetric(name);
  if (known instanceof Counter) return known;
  return new Counter({ name, help, labelNames, registers: [registry] });
}
