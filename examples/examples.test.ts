import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const folder = new URL('.', import.meta.url).pathname;
const examples = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

const output: Record<string, RegExp> = {
  'print-bars.ts': /^2024-01-05 AAPL [0-9.]+ to [0-9.]+$/m,
  'print-history.ts': /^2024-10-01T09:\d\d:\d\d\.\d{3}Z EUR\/USD [0-9.]+ \/ [0-9.]+$/m,
  'print-portfolio.ts': /^DU1234567 100 AAPL at 250\.5$/m,
  'print-quotes.ts': /^(EUR\/USD|USD\/JPY) [0-9.]+ \/ [0-9.]+$/m,
  'print-ticks.ts': /^(BTC|ETH)\/USDT @ [0-9.]+ (BUY|SELL) [0-9.]+$/m,
  'pull-batches.ts': /^[0-9]+ ticks, last price [0-9.]+$/m,
  'see-a-gap.ts': /^gap in BTC\/USDT trade: ids [0-9]+ to [0-9]+ \(SEQUENCE\)$/m,
  'store-in-clickhouse.ts': /symbol: 'BTC\/USDT',\s+trades: [0-9]+/,
};

it('has an expected output for every example', () => {
  expect(examples).toEqual(Object.keys(output).sort());
});

it.each(examples)(
  '%s runs to its end and prints what it should',
  async (file) => {
    const node = ['--conditions=@autotrader/source', '--import', 'tsx', file];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, node, {
      cwd: folder,
      env: environment(),
    });
    expect(stdout).toMatch(output[file] ?? /never/);
    expect(stderr).toBe('');
  },
  60_000,
);

/** jest's own flags are not for the example. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return rest;
}
