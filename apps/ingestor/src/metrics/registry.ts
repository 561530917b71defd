import manifest from '../../package.json' with { type: 'json' };
import { createConnectors } from '../record/connectors.js';
import { Config } from '../config/schema.js';
import { processMetrics } from '@autotrader/runtime';
import { registerStorageMetrics } from '@autotrader/storage-clickhouse';
import type { Registry } from 'prom-client';

/** What the ingestor tells of itself as a process; connectors and storage add what they count. */
export function ingestorRegistry(): Registry {
  return processMetrics(manifest);
}

/** Every metric that the ingestor can have, of a recording that was not begun: for documents and dashboards. */
export function everyMetric(): Registry {
  const registry = ingestorRegistry();
  const config = Config.parse({
    venues: { binance: { symbols: ['BTCUSDT'] }, ibkr: { symbols: ['AAPL'] } },
  });
  createConnectors(config, () => undefined, { registry });
  registerStorageMetrics(registry);
  return registry;
}
