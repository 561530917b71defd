import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from './migration.js';

const FILE_NAME = /^(\d{3})_([a-z0-9_]+)\.sql$/;

/**
 * The migrations of a folder of `NNN_name.sql` files, by number; line ends are made `\n`.
 * @throws Error when a file is named otherwise, or two have the same number.
 */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .toSorted()
    .map((file) => readMigration(folder, file));
  migrations.forEach(({ version }, index) => {
    if (version === migrations[index - 1]?.version) throw new Error(`two migrations have number ${version}`);
  });
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const [, version, name] = FILE_NAME.exec(file) ?? [];
  if (version === undefined || name === undefined) throw new Error(`${file} is not named like 001_tick.sql`);
  const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  return { version: Number(version), name, sql };
}

/** A TypeScript module that holds the migrations, so that a bundle carries them. */
export function migrationsModule(migrations: readonly Migration[]): string {
  const entries = migrations.map(
    ({ version, name, sql }) =>
      `  {\n    version: ${version},\n    name: '${name}',\n    sql: \`${escaped(sql)}\`,\n  },\n`,
  );
  return (
    `import type { Migration } from './migration.js';\n\n` +
    `/** The files of infrastructure/clickhouse/migrations, written here by the target embed-migrations. */\n` +
    `export const MIGRATIONS: readonly Migration[] = [\n${entries.join('')}];\n`
  );
}

function escaped(sql: string): string {
  return sql.replace(/[\\`]|\$\{/g, (special) => `\\${special}`);
}

const BEGINNING = '<!-- The columns, written here by the target embed-migrations. -->';
const END = '<!-- End of the columns. -->';

/**
 * A README with these columns between its marks.
 * @throws Error when it has no marks.
 */
export function withDictionary(readme: string, dictionary: string): string {
  const [before, rest] = readme.split(BEGINNING);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error('the README has no place for the columns');
  return `${before}${BEGINNING}\n\n${dictionary}\n\n${END}${after}`;
}
