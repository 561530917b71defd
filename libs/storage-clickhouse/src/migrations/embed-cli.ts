import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaOf } from './columns.js';
import { dictionaryOf } from './dictionary.js';
import { migrationsModule, readMigrations, withDictionary } from './embed.js';

const folder = fileURLToPath(new URL('../../../../infrastructure/clickhouse/', import.meta.url));
const migrations = readMigrations(`${folder}migrations`);
writeFileSync(new URL('./migrations.generated.ts', import.meta.url), migrationsModule(migrations));
const readme = readFileSync(`${folder}README.md`, 'utf8');
writeFileSync(`${folder}README.md`, withDictionary(readme, dictionaryOf(schemaOf(migrations))));
