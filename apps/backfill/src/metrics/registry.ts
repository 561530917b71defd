import manifest from '../../package.json' with { type: 'json' };
import { processMetrics } from '@autotrader/runtime';
import { registerStorageMetrics } from '@autotrader/storage-clickhouse';
import type { Registry } from 'prom-client';
import { RunMetrics } from './run-metrics.js';

/** What the back-fill tells of itself as a process; a run and the storage add what they count. */
export function backfillRegistry(): Registry {
  return processMetrics(manifest);
}

/** Every metric that the back-fill can have, of a run that was not begun: for documents and dashboards. */
export function everyMetric(): Registry {
  const registry = backfillRegistry();
  registerStorageMetrics(registry);
  new RunMetrics(registry, 'DUKASCOPY');
  return registry;
}
