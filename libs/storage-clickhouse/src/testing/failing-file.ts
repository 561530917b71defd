import { type AppendFile, type OpenAppendFile, openAppendFile } from '../spool/append-file.js';

/** A disk whose calls fail when they are told to. */
export interface FailingDisk {
  readonly openFile: OpenAppendFile;
  /** Operations so far: `open`, `writev`, `datasync`, `truncate`, `close`. */
  readonly calls: string[];
  /** Asked before each operation; a code makes it fail with it. */
  fails: (operation: string) => string | undefined;
}

/** The real disk, with faults: a write that fails has written a part of what it should before. */
export function failingDisk(): FailingDisk {
  const disk: FailingDisk = {
    calls: [],
    fails: () => undefined,
    openFile: async (path) => {
      note('open');
      const file = await openAppendFile(path);
      return {
        writev: async (buffers: readonly Uint8Array[], position: number) => {
          disk.calls.push('writev');
          const code = disk.fails('writev');
          if (code === undefined) return file.writev(buffers, position);
          const first = Buffer.from(buffers[0] ?? []);
          await file.writev([first.subarray(0, first.length >> 1)], position);
          throw failure(code);
        },
        datasync: () => (note('datasync'), file.datasync()),
        truncate: (length: number) => (note('truncate'), file.truncate(length)),
        close: () => (note('close'), file.close()),
      } as AppendFile;
    },
  };
  function note(operation: string): void {
    disk.calls.push(operation);
    const code = disk.fails(operation);
    if (code !== undefined) throw failure(code);
  }
  return disk;
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: the disk was told to fail`), { code });
}
