import { writeFileSync } from 'node:fs';
import { configReference } from './reference.js';

writeFileSync(new URL('../../../../docs/configuration.md', import.meta.url), configReference());
