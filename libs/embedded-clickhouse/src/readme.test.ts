import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { outcomeOf, spawnNode } from './testing/processes.js';
import { scratchDir } from './testing/scratch.js';

jest.setTimeout(60_000);

describe('the README', () => {
  it('has an example that runs and prints what it says', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const [, example = '', printed] = /```ts\n([^]*?)\n\/\/ (.*)\n```/.exec(readme) ?? [];
    const dataDir = join(await scratchDir(), 'clickhouse');
    const run = spawnNode(['--input-type=module', '--eval', example.replace('./data/clickhouse', dataDir)]);
    expect(await outcomeOf(run)).toMatchObject({ code: 0, out: `${printed}\n\n` });
  });
});
