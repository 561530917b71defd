import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from './migrations/migrations.generated.js';
import { scratchFolders } from './testing/scratch-folder.js';
import { scratchServer } from './testing/scratch-server.js';

const packageFolder = new URL('..', import.meta.url);
const readme = await readFile(new URL('README.md', packageFolder), 'utf8');
const tables = await readFile(new URL('../../infrastructure/clickhouse/README.md', packageFolder), 'utf8');

const server = scratchServer(startClickHouse);
const folder = scratchFolders();

describe('the README', () => {
  it('has an example that runs and prints what it says', async () => {
    const [, example = '', printed = ''] = /```ts\n([^]*?)\n\/\/ (.*)\n```/.exec(readme) ?? [];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...['--conditions=@autotrader/source', '--import', 'tsx', '--input-type=module'],
        ...[
          '--eval',
          example.replace('http://127.0.0.1:8123', server.url).replace('./spool', await folder()),
        ],
      ],
      { cwd: packageFolder },
    );
    expect(stdout).toBe(`${printed}\n`);
  }, 60_000);
});

describe('the README of the schema', () => {
  const created = MIGRATIONS.flatMap(({ sql }) =>
    Array.from(sql.matchAll(/CREATE (?:TABLE|VIEW) IF NOT EXISTS \{database\}\.(\w+)/g), ([, name]) => name),
  );

  it.each(created)('names %s', (name) => {
    expect(tables).toContain(`\`${name}\``);
  });
});
