import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reasonOf, StorageError } from '../errors.js';

const MARKER = 'SPOOL.txt';
const MARKER_TEXT =
  'Batches of market data on their way into ClickHouse, written by autotrader.\n' +
  'NNN.spool files are deleted once ClickHouse has their rows: delete none yourself, their rows would be lost.\n' +
  'What is in dead-letter/ ClickHouse refused; it can be sent again. *.corrupt is what a damaged file held.\n' +
  'positions.* say where each stream stood, so that what is missed until the next start is known.\n';
const SEGMENT = /^(\d{12})\.spool/;
/** Any of these tells a spool. */
const OURS = /^(\d{12}\.spool.*|SPOOL\.txt|dead-letter|positions\.[01])$/;
/** What a volume or an editor puts into any folder. */
const INDIFFERENT = /^(lost\+found|\..*|lock\..*)$/;

/** Where the batches are that ClickHouse refused. */
export function deadLetterFolder(folder: string): string {
  return join(folder, 'dead-letter');
}

/** Path of the nth segment. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.spool`);
}

/** Paths of the segments in a folder, oldest first, and the number the next one gets. */
export async function listSegments(folder: string): Promise<{ paths: string[]; nextNumber: number }> {
  const names = (await readdir(folder)).filter((name) => SEGMENT.test(name)).sort();
  const last = Number(SEGMENT.exec(names.at(-1) ?? '')?.[1] ?? 0);
  const paths = names.filter((name) => name.endsWith('.spool')).map((name) => join(folder, name));
  return { paths, nextNumber: last + 1 };
}

/** Removes what a crash can leave beside the segments: a repair that was not finished, notes on a segment that is gone. */
export async function removeRemains(folder: string): Promise<void> {
  const names = new Set(await readdir(folder));
  const remains = [...names].filter((name) => {
    const [, segment, kind] = /^(\d{12}\.spool)\.(tmp|acked)$/.exec(name) ?? [];
    return kind === 'tmp' || (segment !== undefined && !names.has(segment));
  });
  await Promise.all(remains.map((name) => rm(join(folder, name), { force: true })));
}

/**
 * Makes sure that a folder is there and is a spool, or empty.
 * @throws StorageError SPOOL_FOREIGN; what the file system throws.
 */
export async function claimFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => !INDIFFERENT.test(name));
  const isSpool = names.length === 0 || names.some((name) => OURS.test(name));
  if (!isSpool) {
    const what = `the folder ${folder} holds ${names[0]} and is no spool`;
    throw new StorageError('SPOOL_FOREIGN', `${what}: set spool.dir to an empty folder`);
  }
  await mkdir(deadLetterFolder(folder), { recursive: true });
  // Only for who looks into it: a disk that is full has no room for it.
  await writeFile(join(folder, MARKER), MARKER_TEXT).catch(() => undefined);
}

/** Makes entries of a folder durable: new files, new names. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // cannot open a folder there, and need not
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

/** What the file system says of a spool that cannot be opened, as one line. */
export function folderError(folder: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code = reasonOf(error), path = folder } = error as NodeJS.ErrnoException;
  const where = path === folder ? '' : ` (${basename(path)})`;
  const what = `the spool ${folder} cannot be used (${code})${where}`;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    const remedy = 'let this user read and write there, or set spool.dir';
    return new StorageError('SPOOL_PERMISSION', `${what}: ${remedy}`, { cause: error });
  }
  const remedy = 'make room, or set spool.dir to a folder on a disk that works';
  return new StorageError('SPOOL_DISK', `${what}: ${remedy}`, { cause: error });
}
