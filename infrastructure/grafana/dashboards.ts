import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dataQuality } from './data-quality.js';
import { marketDataIngestion } from './market-data-ingestion.js';
import { systemOverview } from './system-overview.js';

/** Every dashboard by the name of its file. */
export function dashboards(): Readonly<Record<string, Dashboard>> {
  return {
    'system-overview': systemOverview(),
    'market-data-ingestion': marketDataIngestion(),
    'data-quality': dataQuality(),
  };
}

/** As it stands in its file. */
export function jsonOf(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}
