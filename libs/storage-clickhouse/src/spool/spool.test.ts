import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { failingDisk } from '../testing/failing-file.js';
import { scratchFolders } from '../testing/scratch-folder.js';
import { anyBatch, drainTable, openSpool, type OpenedSpool, segmentsIn } from '../testing/spools.js';
import type { Spool } from './spool.js';
import type { SpoolOptions } from './spool-options.js';

const folder = scratchFolders();
const opened: Spool[] = [];
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close();
});

async function open(
  options: Partial<SpoolOptions> = {},
  openFile = failingDisk().openFile,
): Promise<OpenedSpool> {
  const result = await openSpool({ dir: await folder(), ...options }, openFile);
  opened.push(result.spool);
  return result;
}

const KIB = 1024;
const kib = (size: number, letter = 'x'): Buffer => Buffer.alloc(size * KIB, letter);

describe('accepting a batch', () => {
  it('resolves when it is in a file', async () => {
    const { spool } = await open();
    await spool.accept(anyBatch('to be found'));
    const [path = ''] = await segmentsIn(spool.dir);
    expect((await readFile(path)).includes('to be found')).toBe(true);
  });

  it('syncs before it resolves, and what came meanwhile together', async () => {
    const disk = failingDisk();
    const { spool } = await open({}, disk.openFile);
    await Promise.all(['a', 'b', 'c', 'd'].map((content) => spool.accept(anyBatch(content))));
    expect(disk.calls).toEqual(['open', 'writev', 'datasync', 'writev', 'datasync']);
    expect(await drainTable(spool)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('hands it over whole, with all that belongs to it, and knows when it came', async () => {
    const { spool } = await open();
    const before = Date.now();
    await spool.accept(anyBatch('x', 'gap_raw'));
    const { batch } = (await spool.next('gap_raw')) ?? {};
    expect({ ...batch, bytes: undefined }).toEqual({
      ...anyBatch('x', 'gap_raw'),
      bytes: undefined,
      acceptedAt: expect.any(Number),
    });
    expect(batch?.acceptedAt).toBeGreaterThanOrEqual(before);
  });

  it('keeps the order of each table, and the tables apart', async () => {
    const { spool } = await open();
    for (const content of ['a', 'b', 'c']) {
      await spool.accept(anyBatch(content));
      await spool.accept(anyBatch(content.toUpperCase(), 'depth_raw'));
    }
    expect(spool.tables.sort()).toEqual(['depth_raw', 'tick_raw']);
    expect(await drainTable(spool)).toEqual(['a', 'b', 'c']);
    expect(spool.tables).toEqual(['depth_raw']);
    expect(await drainTable(spool, 'depth_raw')).toEqual(['A', 'B', 'C']);
  });

  it('is refused once it is closed', async () => {
    const { spool } = await open();
    await spool.close();
    await expect(spool.accept(anyBatch('x'))).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

describe('the files of a spool', () => {
  it('are begun when one is full, and deleted when all in them is forgotten', async () => {
    const { spool } = await open({ segmentBytes: 10 * KIB });
    for (const letter of 'abcdef') await spool.accept(anyBatch(kib(4, letter)));
    expect(await segmentsIn(spool.dir)).toHaveLength(3);
    expect((await drainTable(spool)).map((content) => content?.slice(-1)).join('')).toBe('abcdef');
    await spool.close();
    expect((await readdir(spool.dir)).sort()).toEqual([
      'SPOOL.txt',
      'dead-letter',
      'positions.0',
      'positions.1',
    ]);
  });

  it('may hold a batch that is larger than a file should be', async () => {
    const { spool } = await open({ segmentBytes: 10 * KIB });
    await spool.accept(anyBatch(kib(50)));
    expect((await drainTable(spool))[0]?.length).toBe(50 * KIB);
  });

  it('say how much waits and since when', async () => {
    const { spool } = await open();
    expect(spool.state).toMatchObject({ batches: 0, bytes: 0, diskBytes: 0, oldestAcceptedAt: undefined });
    const before = Date.now();
    await spool.accept(anyBatch(kib(3)));
    await spool.accept(anyBatch(kib(5)));
    const { batches, bytes, diskBytes, oldestAcceptedAt, limitBytes } = spool.state;
    expect({ batches, limitBytes }).toEqual({ batches: 2, limitBytes: 10 * 2 ** 30 });
    expect(bytes).toBeGreaterThan(8 * KIB);
    expect(bytes).toBeLessThan(9 * KIB);
    const [path = ''] = await segmentsIn(spool.dir);
    expect(diskBytes).toBe((await stat(path)).size);
    expect(oldestAcceptedAt).toBeGreaterThanOrEqual(before);
    await drainTable(spool);
    expect(spool.state).toMatchObject({ batches: 0, bytes: 0, oldestAcceptedAt: undefined });
  });
});

describe('at its limit a spool', () => {
  it('lets writers wait, drops nothing, and says once when it stops and when it goes on', async () => {
    const { spool, notices } = await open({ maxBytes: 50 * KIB });
    const accepted: number[] = [];
    const all = Array.from({ length: 30 }, (_, n) =>
      spool.accept(anyBatch(kib(4, String(n % 10)))).then(() => accepted.push(n)),
    );
    expect(await notices.next('SPOOL_WAITS')).toBe(
      `spool ${spool.dir} is at its limit of 50.0 KiB: nothing is accepted until ClickHouse has taken what is in it`,
    );
    expect(spool.state.isWaiting).toBe(true);
    expect(spool.state.diskBytes).toBeLessThanOrEqual(50 * KIB);
    expect(accepted.length).toBeLessThan(13);
    const contents: (string | undefined)[] = [];
    while (contents.length < 30) {
      contents.push(...(await drainTable(spool)));
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(contents.map((content) => content?.[0])).toEqual(all.map((_, n) => String(n % 10)));
    expect(notices.of('SPOOL_FLOWS').length).toBe(notices.of('SPOOL_WAITS').length);
    expect(notices.of('SPOOL_FLOWS')[0]).toMatch(/takes batches again after \d+\.\d s$/);
    expect(spool.state.isWaiting).toBe(false);
  });

  it('goes on when what is in its newest file is acknowledged, although that is not full', async () => {
    const { spool } = await open({ maxBytes: 10 * KIB });
    await spool.accept(anyBatch(kib(6)));
    await drainTable(spool);
    await spool.accept(anyBatch(kib(6)));
    expect((await drainTable(spool)).length).toBe(1);
  });

  it('takes a batch that is larger than the limit when it is alone', async () => {
    const { spool } = await open({ maxBytes: 10 * KIB });
    await spool.accept(anyBatch(kib(20)));
    expect((await drainTable(spool)).length).toBe(1);
  });

  it('refuses who waits when it is closed', async () => {
    const { spool, notices } = await open({ maxBytes: 10 * KIB });
    await spool.accept(anyBatch(kib(9)));
    const waiting = spool.accept(anyBatch(kib(9)));
    await notices.next('SPOOL_WAITS');
    const refused = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await spool.close();
    await refused;
  });

  it('counts its dead letters, and says that it is they', async () => {
    const { spool, notices } = await open({ maxBytes: 10 * KIB });
    await spool.accept(anyBatch(kib(9)));
    const next = await spool.next('tick_raw');
    if (next?.batch === undefined) throw new Error('nothing there');
    const path = await spool.deadLetters.keep(next.batch, 'refused', AbortSignal.timeout(10_000));
    spool.forget(next.taken);
    const waiting = spool.accept(anyBatch(kib(9)));
    expect(await notices.next('SPOOL_WAITS')).toMatch(/; 9\.\d KiB are dead letters: retry or delete them$/);
    expect(spool.state.deadLetterBytes).toBe((await stat(path)).size);
    const retrying = spool.deadLetters.retry((batch) => spool.accept(batch));
    await waiting;
    let drained = (await drainTable(spool)).length;
    expect(await retrying).toBe(1);
    drained += (await drainTable(spool)).length;
    expect({ drained, bytes: spool.state.deadLetterBytes }).toEqual({ drained: 2, bytes: 0 });
  });
});

describe('a disk that fails', () => {
  it.each([
    ['is full', 'writev', 'ENOSPC', 'make room on its disk'],
    ['fails to write', 'writev', 'EIO', 'check its disk'],
    ['fails to sync', 'datasync', 'EIO', 'check its disk'],
  ])(
    'because it %s is waited for; nothing is lost and nothing is there twice',
    async (_, operation, code, remedy) => {
      const disk = failingDisk();
      const { spool, notices } = await open({}, disk.openFile);
      await spool.accept(anyBatch('before'));
      let failures = 3;
      disk.fails = (each) => (each === operation && failures-- > 0 ? code : undefined);
      await spool.accept(anyBatch('during'));
      await spool.accept(anyBatch('after'));
      expect(notices.of('SPOOL_WAITS')).toEqual([
        `spool ${spool.dir} cannot be written (${code}): nothing is accepted until it can, ${remedy}`,
      ]);
      expect(notices.of('SPOOL_FLOWS')).toHaveLength(1);
      await spool.close();
      const again = await openSpool({ dir: spool.dir });
      opened.push(again.spool);
      expect(again.notices.of('SPOOL_CUT')).toEqual([]);
      expect(await drainTable(again.spool)).toEqual(['before', 'during', 'after']);
    },
  );

  it('that lets no file be made is waited for', async () => {
    const disk = failingDisk();
    const { spool, notices } = await open({}, disk.openFile);
    let failures = 2;
    disk.fails = (operation) => (operation === 'open' && failures-- > 0 ? 'EMFILE' : undefined);
    await spool.accept(anyBatch('x'));
    expect(notices.of('SPOOL_WAITS')[0]).toContain('cannot be written (EMFILE)');
    expect(await drainTable(spool)).toEqual(['x']);
  });

  it('to sync is never trusted with the same file again', async () => {
    const disk = failingDisk();
    const { spool } = await open({}, disk.openFile);
    await spool.accept(anyBatch('before'));
    let isFailing = true;
    disk.fails = (operation) => {
      if (operation !== 'datasync' || !isFailing) return undefined;
      isFailing = false;
      return 'EIO';
    };
    disk.calls.length = 0;
    await spool.accept(anyBatch('during'));
    expect(disk.calls).toEqual(['writev', 'datasync', 'truncate', 'close', 'open', 'writev', 'datasync']);
  });

  it('when the spool is closed leaves who waits refused', async () => {
    const disk = failingDisk();
    const { spool, notices } = await open({}, disk.openFile);
    disk.fails = () => 'ENOSPC';
    const waiting = expect(spool.accept(anyBatch('x'))).rejects.toMatchObject({ code: 'CLOSED' });
    await notices.next('SPOOL_WAITS');
    await spool.close();
    await waiting;
  });
});

describe('a folder', () => {
  it('that holds something else is refused in one line', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'store.xml'), '');
    await expect(openSpool({ dir })).rejects.toMatchObject({
      code: 'SPOOL_FOREIGN',
      message: `the folder ${dir} holds store.xml and is no spool: set spool.dir to an empty folder`,
    });
    expect(await readdir(dir)).toEqual(['store.xml']);
  });

  it('that is a file is refused in one line', async () => {
    const file = join(await folder(), 'file');
    await writeFile(file, '');
    await expect(openSpool({ dir: join(file, 'spool') })).rejects.toMatchObject({
      code: 'SPOOL_DISK',
      message: `the spool ${file}/spool cannot be used (ENOTDIR): make room, or set spool.dir to a folder on a disk that works`,
    });
  });

  it('is made where there is none, and says what it is', async () => {
    const dir = join(await folder(), 'a', 'b');
    const { spool } = await open({ dir });
    expect(await readFile(join(spool.dir, 'SPOOL.txt'), 'utf8')).toContain('on their way into ClickHouse');
  });

  it.each([{ maxBytes: 0 }, { segmentBytes: -1 }, { maxBytes: NaN }])('with %j is refused', async (sizes) => {
    await expect(openSpool({ dir: await folder(), ...sizes })).rejects.toMatchObject({
      code: 'CONFIGURATION',
    });
  });
});
