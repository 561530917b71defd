import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { metricsTable, withSection } from '@autotrader/runtime';
import { everyMetric } from './registry.js';

it('docs/metrics.md lists every metric of the ingestor', async () => {
  const written = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  expect(written).toBe(withSection(written, 'ingestor', await metricsTable(everyMetric())));
});
