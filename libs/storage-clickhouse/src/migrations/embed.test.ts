import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrationsModule, readMigrations } from './embed.js';
import { MIGRATIONS } from './migrations.generated.js';
import { splitStatements } from './statements.js';

const folder = fileURLToPath(new URL('../../../../infrastructure/clickhouse/migrations', import.meta.url));
const generated = new URL('./migrations.generated.ts', import.meta.url);

describe('the migrations in the package', () => {
  it('are those of infrastructure/clickhouse/migrations (if not: nx run storage-clickhouse:embed-migrations)', async () => {
    expect(MIGRATIONS).toEqual(readMigrations(folder));
    expect(await readFile(generated, 'utf8')).toBe(migrationsModule(readMigrations(folder)));
  });

  it('are numbered from 1 without a hole', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it.each(MIGRATIONS.flatMap(({ sql }) => splitStatements(sql)))(
    'can be repeated without harm: %s',
    (statement) => {
      expect(statement).toMatch(/\bIF (NOT )?EXISTS\b|\bOR REPLACE\b/);
      expect(statement).toContain('{database}.');
    },
  );
});

describe('reading a folder of migrations', () => {
  let scratch = '';
  beforeEach(async () => (scratch = await mkdtemp(join(tmpdir(), 'migrations-'))));
  afterEach(() => rm(scratch, { recursive: true }));
  const write = (name: string, sql: string) => writeFile(join(scratch, name), sql);

  it('gives them by number, with line ends that do not depend on the checkout', async () => {
    await write('010_b.sql', 'SELECT 2;\r\n');
    await write('002_a_b.sql', 'SELECT 1;\n');
    expect(readMigrations(scratch)).toEqual([
      { version: 2, name: 'a_b', sql: 'SELECT 1;\n' },
      { version: 10, name: 'b', sql: 'SELECT 2;\n' },
    ]);
  });

  it('refuses two of one number, and names that have none', async () => {
    await write('001_a.sql', '');
    await write('001_b.sql', '');
    expect(() => readMigrations(scratch)).toThrow('two migrations have number 1');
    await write('notes.txt', '');
    expect(() => readMigrations(scratch)).toThrow('notes.txt is not named like 001_tick.sql');
  });
});

describe('the generated module', () => {
  it('escapes what would end or change a template literal', () => {
    const text = migrationsModule([{ version: 1, name: 'x', sql: "SELECT `a`, '\\n', '${b}'" }]);
    expect(text).toContain("sql: `SELECT \\`a\\`, '\\\\n', '\\${b}'`,");
  });
});
