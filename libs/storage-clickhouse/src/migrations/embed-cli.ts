import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrationsModule, readMigrations } from './embed.js';

const folder = fileURLToPath(new URL('../../../../infrastructure/clickhouse/migrations', import.meta.url));
const module = new URL('./migrations.generated.ts', import.meta.url);
writeFileSync(module, migrationsModule(readMigrations(folder)));
