import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { programArguments } from '@autotrader/connector-core/testing';
import { scratchFolders } from '../testing/scratch-folder.js';
import { anyBatch, drainTable, openSpool } from '../testing/spools.js';

const CHILD = fileURLToPath(new URL('../testing/spool-child.ts', import.meta.url));
const TIMEOUT_MS = 60_000;
const isRoot = process.getuid?.() === 0;

const folder = scratchFolders();
const children: ChildProcessByStdio<null, Readable, null>[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

/** A process that fills the spool, and the lines it prints. */
function filling(dir: string, first: number, uid?: number) {
  const child = spawn(process.execPath, [...programArguments(CHILD), dir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid !== undefined && { uid }),
  });
  children.push(child);
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

/** Lets a process fill the spool up to so many batches, and kills it in the middle of its work. */
async function killedAfter(dir: string, first: number, batches: number): Promise<number> {
  const { child, lines } = filling(dir, first);
  let last = first - 1;
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    if (/^\d+$/.test(line.value)) last = Number(line.value);
    if (last === first + batches - 1) child.kill('SIGKILL');
  }
  return last;
}

describe('a process that is killed with -9 while it fills a spool', () => {
  it(
    'has lost nothing of what was accepted, and holds up no later one',
    async () => {
      const dir = await folder();
      let last = 0;
      for (const batches of [1, 20, 50]) last = await killedAfter(dir, last + 1, batches);
      const { spool } = await openSpool({ dir });
      const numbers = (await drainTable(spool)).map((content) => Number(content?.split(' ')[0]));
      await spool.close();
      // One more may be there: the one that was on the disk when its number was not yet printed.
      const expected = [...numbers.keys()].map((index) => numbers[index] ?? NaN).sort((a, b) => a - b);
      expect(numbers).toEqual(expected);
      expect(new Set(numbers)).toEqual(
        new Set([...Array.from({ length: last }, (_, n) => n + 1), ...numbers]),
      );
      expect(numbers.length).toBeLessThanOrEqual(last + 3);
      expect((await readdir(dir)).filter((name) => name.startsWith('lock.'))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps others out as long as it lives, in one line',
    async () => {
      const dir = await folder();
      const { child, lines } = filling(dir, 1);
      await lines.next();
      await expect(openSpool({ dir })).rejects.toMatchObject({
        code: 'SPOOL_LOCKED',
        message: `the spool ${dir} is in use by process ${child.pid}: stop it, or set spool.dir to another folder`,
      });
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { spool } = await openSpool({ dir });
      await spool.close();
    },
    TIMEOUT_MS,
  );
});

(isRoot ? describe : describe.skip)('a spool of another user', () => {
  it(
    'is refused in one line, and nothing is changed',
    async () => {
      const dir = join(await folder(), 'spool');
      await mkdir(dir);
      const { spool } = await openSpool({ dir });
      await spool.accept(anyBatch('mine'));
      await spool.close();
      await chmod(join(dir, '..'), 0o755);
      const { lines } = filling(dir, 1, 65_534);
      expect((await lines.next()).value).toMatch(
        /^SPOOL_PERMISSION: the spool \S+ cannot be used \(EACCES\).*: let this user read and write there, or set spool\.dir$/,
      );
      const again = await openSpool({ dir });
      expect(await drainTable(again.spool)).toEqual(['mine']);
      await again.spool.close();
    },
    TIMEOUT_MS,
  );
});

/** A disk of 1 MiB, where this process may make one. */
function smallDisk(dir: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a disk that is really full', () => {
  it(
    'is waited for, and nothing is lost',
    async () => {
      const dir = await folder();
      if (!smallDisk(dir)) return console.warn('skipped: no tmpfs can be mounted here');
      try {
        const { spool, notices } = await openSpool({ dir, segmentBytes: 100_000 });
        const contents = Array.from({ length: 60 }, (_, n) => `${n} ${'x'.repeat(30_000)}`);
        const accepting = Promise.all(contents.map((content) => spool.accept(anyBatch(content))));
        expect(await notices.next('SPOOL_WAITS')).toContain(
          'cannot be written (ENOSPC): nothing is accepted until it can, make room on its disk',
        );
        const found: (string | undefined)[] = [];
        while (found.length < contents.length) {
          found.push(...(await drainTable(spool)));
          await new Promise(setImmediate);
        }
        await accepting;
        expect(found.map((content) => content?.split(' ')[0])).toEqual(contents.map((_, n) => String(n)));
        expect(notices.of('SPOOL_FLOWS').length).toBeGreaterThan(0);
        await spool.close();
      } finally {
        execFileSync('umount', [dir]);
      }
    },
    TIMEOUT_MS,
  );
});
