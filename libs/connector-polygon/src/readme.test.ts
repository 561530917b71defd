import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { startPolygonSimulator } from './testing/index.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has an example that prints the days of a month', async () => {
    const venue = await startPolygonSimulator();
    try {
      const [, example = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
      const local = example.replace('PolygonHistory()', `PolygonHistory({ baseUrl: '${venue.url}' })`);
      const options = ['--conditions=@autotrader/source', '--import', 'tsx', '--input-type=module'];
      const { stdout } = await promisify(execFile)(process.execPath, [...options, '--eval', local], {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { ...process.env, NODE_OPTIONS: '', POLYGON_API_KEY: venue.apiKey },
      });
      expect(stdout).toMatch(/^(AAPL [0-9.]+ [0-9.]+ [0-9.]+ [0-9.]+\n){23}$/);
    } finally {
      await venue.stop();
    }
  }, 60_000);

  it('lists every option', async () => {
    const source = await readFile(new URL('history.ts', import.meta.url), 'utf8');
    const [, body = ''] = /interface PolygonHistoryOptions \{([^]*?)\n\}/.exec(source) ?? [];
    const options = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name);
    const listed = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(listed).toEqual(options);
  });
});
