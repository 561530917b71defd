import { readFileSync, writeFileSync } from 'node:fs';
import { metricsTable, withSection } from '@autotrader/runtime';
import { everyMetric } from './registry.js';

const file = new URL('../../../../docs/metrics.md', import.meta.url);
writeFileSync(file, withSection(readFileSync(file, 'utf8'), 'ingestor', await metricsTable(everyMetric())));
