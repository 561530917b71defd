import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { scratchFolders } from '../testing/scratch-folder.js';
import { anyBatch, drainTable, openSpool, segmentsIn } from '../testing/spools.js';
import { encodeHead, encodeRecord, HEAD_BYTES, newFileId, RECORD_MAGIC } from './format.js';

const folder = scratchFolders();
const CONTENTS = ['first', 'second', 'third'];

/** Closed with three batches in one file, which nobody has taken. */
async function left(contents: readonly string[] = CONTENTS): Promise<{ dir: string; path: string }> {
  const dir = await folder();
  const { spool } = await openSpool({ dir });
  for (const content of contents) await spool.accept(anyBatch(content));
  await spool.close();
  const [path = ''] = await segmentsIn(dir);
  return { dir, path };
}

/** Changes a byte of the file. */
async function damage(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 0xff;
  await writeFile(path, bytes);
}

/** Where each record of a file begins, and where the file ends. */
async function offsetsIn(path: string): Promise<number[]> {
  const bytes = await readFile(path);
  const offsets = [];
  for (let at = bytes.indexOf(RECORD_MAGIC); at >= 0; at = bytes.indexOf(RECORD_MAGIC, at + 1))
    offsets.push(at);
  return [...offsets, bytes.length];
}

/** Opens the spool and empties it. */
async function replayed(dir: string) {
  const { spool, notices } = await openSpool({ dir });
  const contents = await drainTable(spool);
  await spool.close();
  return { contents, said: notices.all.map(({ kind, message }) => `${kind} ${message}`) };
}

describe('what an earlier run left', () => {
  it('is there again, the same bytes in the same order, and said in one line', async () => {
    const { dir } = await left();
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual(CONTENTS);
    expect(said).toEqual([
      expect.stringMatching(
        /^SPOOL_LEFT spool \S+ holds 3 batches \([\d.]+ \w+\) of an earlier run, to be stored first$/,
      ),
    ]);
    expect(await segmentsIn(dir)).toEqual([]);
  });

  it('is there again less what was forgotten', async () => {
    const { dir } = await left();
    const { spool } = await openSpool({ dir });
    const next = await spool.next('tick_raw');
    if (next !== undefined) spool.forget(next.taken);
    await spool.close();
    expect((await replayed(dir)).contents).toEqual(['second', 'third']);
  });

  it.each([
    ['torn', 'deadbeef ["x'],
    ['of another file', `${crc32('["00",{"tick_raw":9999}]').toString(16)} ["00",{"tick_raw":9999}]\n`],
    ['no text', Buffer.alloc(64)],
  ])('is all there again when the note on what was forgotten is %s', async (_, note) => {
    const { dir, path } = await left();
    await writeFile(`${path}.acked`, note);
    expect((await replayed(dir)).contents).toEqual(CONTENTS);
  });

  it('leaves the folder as it was when it was opened and closed only', async () => {
    const { dir, path } = await left();
    const before = await readFile(path);
    const { spool } = await openSpool({ dir });
    await spool.close();
    expect((await readFile(path)).equals(before)).toBe(true);
  });
});

describe('an append that a crash interrupted', () => {
  it('is cut off wherever it ended, and said with its bytes and file', async () => {
    const { dir, path } = await left(['first']);
    const { size } = await stat(path);
    const torn = Buffer.concat(encodeRecord({ ...anyBatch('torn'), acceptedAt: 0 }));
    for (const length of [1, 3, 15, 16, 17, torn.length - 1]) {
      await appendFile(path, torn.subarray(0, length));
      const { spool, notices } = await openSpool({ dir });
      await spool.close();
      const message = `spool ${dir}: ${basename(path)}: its last ${length} bytes were an append that had been interrupted; they had not been accepted and are cut off`;
      expect(notices.all[0]).toEqual({ kind: 'SPOOL_CUT', level: 'warn', message });
      expect((await stat(path)).size).toBe(size);
    }
    expect((await replayed(dir)).contents).toEqual(['first']);
  });

  it('that left only room without content is cut off', async () => {
    const { dir, path } = await left();
    await appendFile(path, Buffer.alloc(5_000));
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual(CONTENTS);
    expect(said[0]).toContain('its last 5000 bytes');
  });

  it('before there was a record leaves nothing', async () => {
    const dir = await folder();
    const head = encodeHead(newFileId());
    await writeFile(join(dir, '000000000001.spool'), head);
    await writeFile(join(dir, '000000000002.spool'), head.subarray(0, 20));
    await writeFile(join(dir, '000000000003.spool'), '');
    const { contents } = await replayed(dir);
    expect(contents).toEqual([]);
    expect(await segmentsIn(dir)).toEqual([]);
  });
});

describe('bytes that are damaged', () => {
  it('in the middle are moved aside and said; what is before and behind them is replayed', async () => {
    const { dir, path } = await left();
    const [, second = 0, third = 0] = await offsetsIn(path);
    const bytes = (await readFile(path)).subarray(second, third);
    await damage(path, third - 2);
    bytes[third - 2 - second] = (bytes[third - 2 - second] ?? 0) ^ 0xff;
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual(['first', 'third']);
    const aside = `${basename(path)}.${second}-${third - second}.corrupt`;
    expect(said[0]).toBe(
      `SPOOL_CORRUPT spool ${dir}: ${third - second} bytes of ${basename(path)} are damaged and are kept in ${aside}; what is good of it is kept, 2 batches: check the disk`,
    );
    expect((await readFile(join(dir, aside))).equals(bytes)).toBe(true);
  });

  it('in a length, which then reaches behind the end, do not take what follows with them', async () => {
    const { dir, path } = await left();
    const [, second = 0] = await offsetsIn(path);
    await damage(path, second + 11);
    expect((await replayed(dir)).contents).toEqual(['first', 'third']);
  });

  it('in the last record are moved aside: it was whole, so it had been accepted', async () => {
    const { dir, path } = await left();
    const [, , third = 0, end = 0] = await offsetsIn(path);
    await damage(path, end - 1);
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual(['first', 'second']);
    expect(said[0]).toContain(`${basename(path)}.${third}-${end - third}.corrupt`);
  });

  it('in the head of a file cost nothing but the head', async () => {
    const { dir, path } = await left();
    await damage(path, 9);
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual(CONTENTS);
    expect(said[0]).toContain(`${HEAD_BYTES} bytes of ${basename(path)} are damaged`);
  });

  it.each([
    ['zeros', Buffer.alloc(100_000)],
    ['something else', Buffer.from('PK\x03\x04 surely no spool, though it is called one')],
  ])('as a file of %s are moved aside as a whole, and said', async (_, content) => {
    const dir = await folder();
    await writeFile(join(dir, '000000000007.spool'), content);
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual([]);
    expect(said).toEqual([
      expect.stringContaining(`${content.length} bytes of 000000000007.spool are damaged`),
    ]);
    expect((await readFile(join(dir, '000000000007.spool.corrupt'))).equals(content)).toBe(true);
  });

  it('are said once: after the repair the file is good', async () => {
    const { dir, path } = await left();
    await damage(path, (await offsetsIn(path))[1] ?? 0);
    const { spool } = await openSpool({ dir });
    await spool.close();
    const { contents, said } = await replayed(dir);
    expect(contents).toEqual(['first', 'third']);
    expect(said).toEqual([expect.stringContaining('SPOOL_LEFT')]);
  });

  it('that appear while the spool is open are found when they are read; the file is kept', async () => {
    const { dir, path } = await left();
    const { spool, notices } = await openSpool({ dir });
    await damage(path, ((await offsetsIn(path))[2] ?? 0) - 2);
    expect(await drainTable(spool)).toEqual(['first', undefined, 'third']);
    await spool.close();
    expect(notices.all.at(-1)).toMatchObject({
      kind: 'SPOOL_CORRUPT',
      message: `a batch for tick_raw in ${path} cannot be read back: it is not stored, and the file is kept as ${path}.corrupt: check the disk`,
    });
    expect(await readdir(dir)).toContain(`${basename(path)}.corrupt`);
  });
});

describe('a file of another version', () => {
  it('is refused in one line, and nothing is changed', async () => {
    const { dir, path } = await left();
    const bytes = await readFile(path);
    bytes.writeUInt32LE(2, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, HEAD_BYTES - 4)), HEAD_BYTES - 4);
    await writeFile(path, bytes);
    await expect(openSpool({ dir })).rejects.toMatchObject({
      code: 'SPOOL_VERSION',
      message: `${path} was written by another version of autotrader: let that version store it first, or move the file away`,
    });
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('is known by what is in its records, too', async () => {
    const dir = await folder();
    const record = encodeRecord({ ...anyBatch('x', 'trade_raw' as 'tick_raw'), acceptedAt: 0 });
    const path = join(dir, '000000000001.spool');
    await writeFile(path, Buffer.concat([encodeHead(newFileId()), ...record]));
    await expect(openSpool({ dir })).rejects.toMatchObject({ code: 'SPOOL_VERSION' });
  });
});
