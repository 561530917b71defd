import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { IBKR_GATEWAYS } from './gateways.js';
import { IBKR_STREAMS } from './streams.js';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const readme = await read('../README.md');

/** First cells of the tables, without their marks. */
const cells = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);

describe('the README', () => {
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
