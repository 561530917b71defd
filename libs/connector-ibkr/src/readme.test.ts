import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { IBKR_GATEWAYS } from './gateways.js';
import { IBKR_STREAMS } from './streams.js';
import { startTwsSimulator } from './testing/index.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const readme = await read('../README.md');

/** First cells of the tables, without their marks. */
const cells = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);

describe('the README', () => {
  it('has an example that prints the quotes of a venue', async () => {
    const [, example = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
    const tws = await startTwsSimulator();
    const local = example.replace("['BidAsk']", `['BidAsk'], port: ${tws.port}`);
    const options = ['--conditions=@autotrader/source', '--import', 'tsx', '--input-type=module'];
    const running = spawn(process.execPath, [...options, '--eval', local], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    running.stderr.on('data', (text: Buffer) => process.stderr.write(text));
    try {
      const [printed] = (await once(running.stdout, 'data')) as [Buffer];
      expect(printed.toString()).toMatch(/^(AAPL|EUR\/USD) [0-9.]+ \/ [0-9.]+\n/);
    } finally {
      running.kill();
      await tws.stop();
    }
  }, 60_000);

  it('lists every option of its own, and every stream', async () => {
    const [, body = ''] =
      /interface IbkrConnectorOptions [^{]*\{([^]*?)\n\}/.exec(await read('connector.ts')) ?? [];
    const options = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name);
    expect(cells).toEqual([...options, ...IBKR_STREAMS]);
  });

  it('tells the port of every gateway', () => {
    for (const [name, port] of Object.entries(IBKR_GATEWAYS))
      expect(readme).toContain(`\`${name}\` (${port})`);
  });
});
