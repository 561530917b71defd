import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { GRANULARITIES } from './granularities.js';
import { startOandaSimulator } from './testing/index.js';

const packageFolder = new URL('..', import.meta.url);
const readme = await readFile(new URL('README.md', packageFolder), 'utf8');

describe('the README', () => {
  it('has an example that prints the quotes of a venue', async () => {
    const [, example = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
    const { url, apiKey, accountId, ...venue } = await startOandaSimulator().then((simulator) => ({
      ...{ url: simulator.url, apiKey: simulator.apiKey, accountId: simulator.accountId },
      stop: () => simulator.stop(),
    }));
    const local = example.replace("'USD_JPY']", `'USD_JPY'], streamUrl: '${url}', restUrl: '${url}'`);
    const node = [
      '--conditions=@autotrader/source',
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      local,
    ];
    const env = { ...process.env, NODE_OPTIONS: '', OANDA_API_KEY: apiKey, OANDA_ACCOUNT_ID: accountId };
    const running = spawn(process.execPath, node, { cwd: packageFolder, env });
    running.stderr.on('data', (text: Buffer) => process.stderr.write(text));
    try {
      const [printed] = (await once(running.stdout, 'data')) as [Buffer];
      expect(printed.toString()).toMatch(/^(EUR\/USD|USD\/JPY) [0-9.]+ \/ [0-9.]+\n/);
    } finally {
      running.kill();
      await venue.stop();
    }
  }, 60_000);

  it('lists every option of its own', async () => {
    const source = await readFile(new URL('connector.ts', import.meta.url), 'utf8');
    const [, body = ''] = /interface OandaConnectorOptions [^{]*\{([^]*?)\n\}/.exec(source) ?? [];
    const options = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name);
    const listed = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(listed).toEqual(options);
  });

  it('lists every length of a candle', () => {
    expect(readme).toContain(` in ${Object.keys(GRANULARITIES).join(' ')} (`);
  });
});
