import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { FRAMES } from './fixtures/frames.js';
import { LocalVenue } from './fixtures/local-venue.js';
import { BINANCE_HOSTS } from './hosts.js';
import { BINANCE_STREAMS, KLINE_INTERVALS, wireName } from './streams.js';

const packageFolder = new URL('..', import.meta.url);
const readme = await readFile(new URL('README.md', packageFolder), 'utf8');
const cells = readme
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the README', () => {
  it('has an example that prints the trades of a venue', async () => {
    const [, example = ''] = /```ts\n([^]*?)```/.exec(readme) ?? [];
    const venue = await LocalVenue.open();
    const { wsUrl, restUrl } = venue;
    const local = example.replace(
      "['trade']",
      `['trade'], ${JSON.stringify({ wsUrl, restUrl }).slice(1, -1)}`,
    );
    const command = [
      '--conditions=@autotrader/source',
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      local,
    ];
    const running = spawn(process.execPath, command, { cwd: packageFolder });
    running.stderr.on('data', (text: Buffer) => process.stderr.write(text));
    try {
      await venue.whenAsked;
      await venue.send(FRAMES.trade);
      const [printed] = (await once(running.stdout, 'data')) as [Buffer];
      expect(printed.toString()).toBe('BTC/USDT @ 84215.37\n');
    } finally {
      running.kill();
      await venue.close();
    }
  }, 60_000);

  it('lists every stream with its name at Binance', () => {
    const withoutBars = BINANCE_STREAMS.filter((stream) => !stream.startsWith('kline_'));
    for (const stream of withoutBars)
      expect(cells).toContainEqual(expect.arrayContaining([`\`${stream}\``, `\`${wireName('', stream)}\``]));
    expect(readme).toContain(`bars of ${KLINE_INTERVALS.filter((interval) => interval !== '1m').join(' ')} `);
  });

  it('lists every host with its addresses', () => {
    for (const [name, { wsUrl, restUrl }] of Object.entries(BINANCE_HOSTS))
      expect(cells).toContainEqual(expect.arrayContaining([`\`${name}\``, `\`${wsUrl}\``, `\`${restUrl}\``]));
  });
});
