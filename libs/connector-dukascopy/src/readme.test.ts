import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { startDukascopySimulator } from './testing/index.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has an example that prints the quotes of an hour', async () => {
    const venue = await startDukascopySimulator({ ticksPerHour: 3 });
    try {
      const [, example = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
      const local = example.replace('History()', `History({ bi5Url: '${venue.url}' })`);
      const options = ['--conditions=@autotrader/source', '--import', 'tsx', '--input-type=module'];
      const { stdout } = await promisify(execFile)(process.execPath, [...options, '--eval', local], {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      expect(stdout).toMatch(/^(EUR\/USD 1\.[0-9]+ \/ 1\.[0-9]+\n){3}$/);
    } finally {
      await venue.stop();
    }
  }, 60_000);

  it('lists every option', async () => {
    const source = await readFile(new URL('history.ts', import.meta.url), 'utf8');
    const [, body = ''] = /interface DukascopyHistoryOptions \{([^]*?)\n\}/.exec(source) ?? [];
    const options = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name);
    const listed = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(listed).toEqual(options);
  });
});
