import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programArguments } from '@autotrader/connector-core/testing';
import { expect, it } from '@jest/globals';
import { scratchFolders } from './testing/scratch-folder.js';
import { anyBatch, drainTable, openSpool } from './testing/spools.js';

const CLI = fileURLToPath(new URL('spool-cli.ts', import.meta.url));
const folder = scratchFolders();

function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...programArguments(CLI), ...args], (_, out, err) =>
      resolve({ code: child.exitCode ?? NaN, out, err }),
    );
  });
}

it('lists what waits and what was refused, and puts back what was refused', async () => {
  const dir = await folder();
  const { spool } = await openSpool({ dir });
  for (const content of ['refused', 'waits', 'waits too']) await spool.accept(anyBatch(content));
  const next = await spool.next('tick_raw');
  if (next?.batch === undefined) throw new Error('nothing there');
  await spool.deadLetters.keep(next.batch, 'no such column', AbortSignal.timeout(1_000));
  spool.forget(next.taken);
  const whileOpen = await cli('list', '--dir', dir);
  expect(whileOpen.out).toMatch(/^tick_raw: waiting are \d batch/);
  expect((await cli('retry', '--dir', dir)).err).toMatch(
    /^error: the spool \S+ is in use by process \d+: stop it/,
  );
  await spool.close();

  const { code, out } = await cli('list', '--dir', dir);
  expect(out).toMatch(
    /^tick_raw: waiting are 2 batches \([\d.]+ bytes\), the oldest since \S+Z\n\S+-tick_raw-\S+\.dead: 3 rows for tick_raw: no such column\n$/,
  );
  expect(code).toBe(0);
  expect((await cli('retry', '--dir', dir)).out).toBe('back in the spool: 1 batch\n');
  const again = await openSpool({ dir });
  expect(await drainTable(again.spool)).toEqual(['waits', 'waits too', 'refused']);
  await again.spool.close();
  expect((await cli('list', '--dir', dir)).out).toBe('nothing waits\n');
}, 60_000);

it.each([
  [['list'], /^error: --dir says where the spool is/],
  [['forget', '--dir', '/tmp'], /^error: say list or retry: see --help\n$/],
  [['list', '--dir', '/nowhere/at/all'], /^error: the spool \/nowhere\/at\/all cannot be used \(ENOENT\)/],
])('says in one line what is wrong with %j', async (args, line) => {
  const { code, err } = await cli(...args);
  expect(err).toMatch(line);
  expect(code).toBe(1);
});
