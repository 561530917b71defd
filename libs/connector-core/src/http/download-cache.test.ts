import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DownloadCache } from './download-cache.js';

let dir: string;
let time: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'download-cache-'));
  time = Date.UTC(2026, 0, 5);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = (mostBytes?: number) =>
  DownloadCache.open({ dir: join(dir, 'cache'), mostBytes, now: () => time });

/** Every file of the cache. */
async function files(): Promise<string[]> {
  const all = await readdir(join(dir, 'cache'), { recursive: true, withFileTypes: true });
  return all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

describe('a cache of downloads', () => {
  it('gives back what it was given, in this process and the next', async () => {
    const cache = await open();
    expect(await cache.read('http://a/1')).toBeUndefined();
    const bytes = Buffer.from([0, 10, 255, 10]);
    await cache.write('http://a/1', bytes, true);
    await cache.write('http://a/2', Buffer.alloc(0), true);
    const again = await open();
    expect(await again.read('http://a/1')).toEqual(bytes);
    expect(await again.read('http://a/2')).toHaveLength(0);
    expect([again.files, again.bytes]).toEqual([cache.files, cache.bytes]);
  });

  it('gives what may still change for an hour, and what is over for ever', async () => {
    const cache = await open();
    await cache.write('open', Buffer.from('a'), false);
    await cache.write('closed', Buffer.from('b'), true);
    time += 3_600_000;
    expect((await cache.read('open'))?.toString()).toBe('a');
    time += 1;
    expect(await cache.read('open')).toBeUndefined();
    time += 365 * 86_400_000;
    expect((await cache.read('closed'))?.toString()).toBe('b');
  });

  it('does not give what was damaged', async () => {
    const cache = await open();
    await cache.write('a', Buffer.from('whole'), true);
    const [file = ''] = await files();
    await writeFile(file, (await readFile(file)).subarray(0, -1));
    expect(await cache.read('a')).toBeUndefined();
    await writeFile(file, 'no heading');
    expect(await cache.read('a')).toBeUndefined();
  });

  it('removes what was not used for longest when there is no room', async () => {
    const cache = await open(800);
    await cache.write('a', Buffer.alloc(200), true);
    await cache.write('b', Buffer.alloc(200), true);
    await cache.read('a');
    await cache.write('c', Buffer.alloc(200), true);
    expect(await cache.read('b')).toBeUndefined();
    expect([await cache.read('a'), await cache.read('c')]).not.toContain(undefined);
    expect(cache.bytes).toBeLessThanOrEqual(800);
    const smaller = await open(500);
    expect(await files()).toHaveLength(1);
    expect(smaller.files).toBe(1);
  });

  it('says what the system says when there is no such folder to be had', async () => {
    await writeFile(join(dir, 'cache'), '');
    await expect(open()).rejects.toThrow('EEXIST');
  });
});
