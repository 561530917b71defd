import { Counter, Histogram, type Registry } from 'prom-client';
import { watchSpool } from './spool/spool-gauges.js';
import type { SpoolState } from './spool/spool-options.js';

/** What the storage counts; nothing is counted without a registry. */
export interface StorageMetrics {
  /** @param sinceReceipt from the receipt of its first row until now, seconds. */
  inserted(
    batch: { readonly table: string; readonly rows: number },
    seconds: number,
    sinceReceipt: number,
  ): void;
  failed(code: string): void;
  retried(): void;
  accepted(table: string, rows: number, seconds: number): void;
  deadLettered(table: string): void;
  barsRefreshed(seconds: number): void;
  barsFailed(): void;
  /** Shows how full a spool is, from now until what is returned is called. */
  watch(spool: () => SpoolState): () => void;
}

const INSERT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STORED_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
const ROW_BUCKETS = [10, 100, 1_000, 10_000, 100_000];
const ACCEPT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10, 60];

const NO_METRICS: StorageMetrics = {
  inserted: () => undefined,
  failed: () => undefined,
  retried: () => undefined,
  accepted: () => undefined,
  deadLettered: () => undefined,
  barsRefreshed: () => undefined,
  barsFailed: () => undefined,
  watch: () => () => undefined,
};

/** The metrics in the registry; storages that share a registry share the metrics. */
export function storageMetrics(registry: Registry | undefined): StorageMetrics {
  if (registry === undefined) return NO_METRICS;
  const counter = counterIn.bind(undefined, registry);
  const histogram = histogramIn.bind(undefined, registry);
  const insertSeconds = histogram(
    'insert_duration_seconds',
    'Time from sending a batch to its acknowledgement',
    INSERT_BUCKETS,
  );
  const sinceReceiptSeconds = histogram(
    'recv_to_stored_seconds',
    'From the receipt of the first row of a batch until ClickHouse has acknowledged it',
    STORED_BUCKETS,
  );
  const batchRows = histogram('batch_rows', 'Rows of the batches that ClickHouse acknowledged', ROW_BUCKETS);
  const insertedRows = counter('inserted_rows_total', 'Rows that ClickHouse acknowledged', ['table']);
  const errors = counter('insert_errors_total', 'Failed inserts by the code of the error', ['code']);
  const retries = counter('insert_retries_total', 'Inserts that were sent again', []);
  const acceptSeconds = histogram(
    'spool_accept_seconds',
    'Time from giving a batch to the spool until it is on the disk, waiting for room included',
    ACCEPT_BUCKETS,
  );
  const acceptedRows = counter(
    'spool_accepted_rows_total',
    'Rows that are on the disk and will be in ClickHouse, whatever is killed',
    ['table'],
  );
  const deadLetters = counter(
    'deadletter_total',
    'Batches that ClickHouse refused for good and that are kept in files: somebody must look at them',
    ['table'],
  );
  const barSeconds = histogram(
    'bar_refresh_duration_seconds',
    'Time to compute the bars of the minutes that ticks have arrived in',
    INSERT_BUCKETS,
  );
  const barRetries = counter('bar_refresh_retries_total', 'Computations of bars that were tried again', []);
  return {
    inserted: ({ table, rows }, seconds, sinceReceipt) => {
      insertSeconds.observe({ table }, seconds);
      sinceReceiptSeconds.observe({ table }, sinceReceipt);
      batchRows.observe({ table }, rows);
      insertedRows.inc({ table }, rows);
    },
    failed: (code) => errors.inc({ code }),
    retried: () => retries.inc(),
    accepted: (table, rows, seconds) => {
      acceptSeconds.observe({ table }, seconds);
      acceptedRows.inc({ table }, rows);
    },
    deadLettered: (table) => deadLetters.inc({ table }),
    barsRefreshed: (seconds) => barSeconds.observe(seconds),
    barsFailed: () => barRetries.inc(),
    watch: (spool) => watchSpool(registry, spool),
  };
}

/** Registers every metric that a storage with a spool can have, without one: what documents and dashboards may name. */
export function registerStorageMetrics(registry: Registry): void {
  const forget = storageMetrics(registry).watch(() => {
    throw new Error('no spool is watched');
  });
  forget();
}

function histogramIn(registry: Registry, name: string, help: string, buckets: number[]): Histogram<'table'> {
  const known = registry.getSingleMetric(name);
  if (known instanceof Histogram) return known;
  return new Histogram({ name, help, labelNames: ['table'], buckets, registers: [registry] });
}

function counterIn(registry: Registry, name: string, help: string, labelNames: string[]): Counter {
  const known = registry.getSingleMetric(name);
  if (known instanceof Counter) return known;
  return new Counter({ name, help, labelNames, registers: [registry] });
}
