import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { firstLine, outcomeOf, processEnd, spawnNode } from './testing/processes.js';
import { query } from './testing/query.js';
import { scratchDir, startScratch } from './testing/scratch.js';

jest.setTimeout(60_000);

function program(dataDir: string, ...statements: string[]): string[] {
  const start = `import { startClickHouse } from '@autotrader/embedded-clickhouse';
    const starting = startClickHouse({ dataDir: ${JSON.stringify(dataDir)} });`;
  return ['--input-type=module', '--eval', [start, ...statements].join('\n')];
}

const printServer = 'const { url, pid } = await starting; console.log(JSON.stringify({ url, pid }));';

describe('a server', () => {
  it('ends when its parent is killed, and leaves the data directory to the next one', async () => {
    const dataDir = await scratchDir();
    const parent = spawnNode(program(dataDir, printServer));
    const { url, pid } = JSON.parse(await firstLine(parent)) as { url: string; pid: number };
    await query(url, 'CREATE TABLE tick (id UInt64) ENGINE = MergeTree ORDER BY id');
    await query(url, 'INSERT INTO tick VALUES (1)');
    expect(await query(url, 'SELECT count() FROM tick')).toBe('1');

    parent.kill('SIGKILL');
    await processEnd(pid);

    const next = await startScratch({ dataDir });
    expect(await query(next.url, 'SELECT count() FROM tick')).toBe('1');
  });

  it('ends when its parent is killed while it starts', async () => {
    const dataDir = await scratchDir();
    const parent = spawnNode(program(dataDir, `console.log('spawning');`));
    await firstLine(parent);
    while (!existsSync(`${dataDir}/status`)) await delay(1);
    parent.kill('SIGKILL');
    const next = await startAgain(dataDir);
    expect(await query(next.url, 'SELECT 1')).toBe('1');
  });

  it('leaves no handle open in its parent once it is stopped', async () => {
    const dataDir = await scratchDir();
    const parent = spawnNode(program(dataDir, `await (await starting).stop(); console.log('stopped');`));
    expect(await outcomeOf(parent)).toEqual({ code: 0, out: 'stopped\n', err: '' });
  });
});

async function startAgain(dataDir: string): ReturnType<typeof startScratch> {
  for (;;) {
    try {
      return await startScratch({ dataDir });
    } catch (error) {
      expect(error).toMatchObject({ code: 'DATA_DIR_IN_USE' });
    }
  }
}
