import { writeFileSync } from 'node:fs';
import { dashboards, jsonOf } from './dashboards.js';

for (const [name, dashboard] of Object.entries(dashboards()))
  writeFileSync(new URL(`dashboards/${name}.json`, import.meta.url), jsonOf(dashboard));
