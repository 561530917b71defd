import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { configReference } from './reference.js';

it('docs/configuration.md says what the schema says', () => {
  const written = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
  expect(written).toBe(configReference());
});

it('every setting in the reference has a type and a meaning', () => {
  const [settings = ''] = configReference().split('## Secrets');
  const rows = settings.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(row).toMatch(/^\| `[a-zA-Z.]+` \| \S.* \| .* \| \S.* \|$/);
});
