import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scratchFolders } from '../testing/scratch-folder.js';
import { lock } from './lock.js';

const folder = scratchFolders();
const HERE = encodeURIComponent(hostname());
const DEAD = 2 ** 22 + 1; // above the highest number Linux gives

describe('the lock of a folder', () => {
  it('is held by one at a time, and free again when it is released', async () => {
    const dir = await folder();
    const held = await lock(dir);
    await expect(lock(dir)).rejects.toMatchObject({
      code: 'SPOOL_LOCKED',
      message: `the spool ${dir} is in use by process ${process.pid}: stop it, or set spool.dir to another folder`,
    });
    await held.release();
    expect(await readdir(dir)).toEqual([]);
    await (await lock(dir)).release();
  });

  it.each([
    ['a process that is gone', `lock.${DEAD}.1234.${HERE}`],
    ['an earlier process of a number that is used again', `lock.${process.ppid}.1.${HERE}`],
  ])('left by %s is taken over', async (_, name) => {
    const dir = await folder();
    await writeFile(join(dir, name), '');
    const held = await lock(dir);
    expect(await readdir(dir)).not.toContain(name);
    await held.release();
  });

  it('of another host is respected while it is touched, and taken over when it is not', async () => {
    const dir = await folder();
    const name = 'lock.7.1234.another%2Fhost';
    await writeFile(join(dir, name), '');
    await expect(lock(dir)).rejects.toMatchObject({
      code: 'SPOOL_LOCKED',
      message: `the spool ${dir} is in use by process 7 on another/host: stop it, or wait 30 s if it was killed, or set spool.dir to another folder`,
    });
    const before = new Date(Date.now() - 31_000);
    await utimes(join(dir, name), before, before);
    const held = await lock(dir);
    expect(await readdir(dir)).toHaveLength(1);
    await held.release();
  });

  it('that many ask for at once is given to one at most', async () => {
    const dir = await folder();
    const holders = Array.from({ length: 5 }, (_, n) => ({ host: `host ${n}`, pid: 1, start: '1' }));
    const asking = holders.map((holder) => lock(dir, holder));
    const outcomes = await Promise.allSettled(asking);
    const held = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(held.length).toBeLessThanOrEqual(1);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.release();
  });
});
