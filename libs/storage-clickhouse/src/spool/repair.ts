import { type FileHandle, open, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { writeAll } from './append-file.js';
import { syncFolder } from './folder.js';
import { encodeHead, newFileId } from './format.js';
import { readAt, scanRecords } from './scan.js';
import { Segment } from './segment.js';

const CHUNK_BYTES = 1 << 20;

/** Copies damaged bytes into a file of their own. @returns its name. */
export async function moveAside(
  path: string,
  { offset, length }: { offset: number; length: number },
): Promise<string> {
  const aside = `${path}.${offset}-${length}.corrupt`;
  const source = await open(path);
  const target = await open(aside, 'w');
  try {
    for (let done = 0; done < length; done += CHUNK_BYTES)
      await writeAll(
        target,
        [await readAt(source, offset + done, Math.min(CHUNK_BYTES, length - done))],
        done,
      );
    await target.sync();
  } finally {
    await source.close();
    await target.close();
  }
  return basename(aside);
}

/** Replaces a file by one that holds its good records only. All of it is there at any moment. */
export async function rewrite(path: string): Promise<Segment> {
  const segment = new Segment(path, newFileId());
  const source = await open(path);
  const target = await open(`${path}.tmp`, 'w');
  try {
    await writeAll(target, [encodeHead(segment.id)], 0);
    await copyRecords(source, target, segment);
    await target.sync();
  } finally {
    await source.close();
    await target.close();
  }
  await rename(`${path}.tmp`, path);
  await syncFolder(dirname(path));
  return segment;
}

async function copyRecords(source: FileHandle, target: FileHandle, segment: Segment): Promise<void> {
  for await (const found of scanRecords(source, 0)) {
    if (found.kind === 'bad') continue;
    const { length, batch } = found;
    await writeAll(target, [await readAt(source, found.offset, length)], segment.length);
    segment.add(batch.table, { offset: segment.length, length, acceptedAt: batch.acceptedAt });
    segment.length += length;
  }
}
