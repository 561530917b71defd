import type { FileHandle } from 'node:fs/promises';
import {
  decodeRecord,
  HEAD_BYTES,
  RECORD_HEAD_BYTES,
  RECORD_MAGIC,
  recordLength,
  type SpooledBatch,
} from './format.js';

/** A record, or bytes that are none. */
export type Found =
  | {
      readonly kind: 'record';
      readonly offset: number;
      readonly length: number;
      readonly batch: SpooledBatch;
    }
  | {
      readonly kind: 'bad';
      readonly offset: number;
      readonly length: number;
      /** The file ends before the record does: an append was interrupted. */
      readonly isTorn: boolean;
    };

const CHUNK_BYTES = 1 << 20;

/**
 * All of a file behind its head, in order, without a hole. Behind bad bytes it looks for the next good record,
 * so that one damaged length does not take what follows with it.
 * @throws RangeError as {@link decodeRecord}; what the file system throws.
 */
export async function* scanRecords(file: FileHandle, from = HEAD_BYTES): AsyncGenerator<Found> {
  const { size } = await file.stat();
  for (let offset = from; offset < size;) {
    const found = (await recordAt(file, offset, size)) ?? (await badBytesAt(file, offset, size));
    yield found;
    offset += found.length;
  }
}

/** These bytes of the file; fewer where it ends. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function recordAt(file: FileHandle, offset: number, size: number): Promise<Found | undefined> {
  const length = recordLength(await readAt(file, offset, RECORD_HEAD_BYTES));
  if (length === undefined || offset + length > size) return undefined;
  const batch = decodeRecord(await readAt(file, offset, length));
  return batch && { kind: 'record', offset, length, batch };
}

async function badBytesAt(file: FileHandle, offset: number, size: number): Promise<Found> {
  const end = await nextRecord(file, offset + 1, size);
  const isTorn = end === size && (await isInterrupted(file, offset, size));
  return { kind: 'bad', offset, length: end - offset, isTorn };
}

/** Where the next good record begins, or where the file ends. */
async function nextRecord(file: FileHandle, from: number, size: number): Promise<number> {
  for (let start = from; start < size; start += CHUNK_BYTES) {
    const chunk = await readAt(file, start, CHUNK_BYTES + RECORD_MAGIC.length - 1);
    for (let at = chunk.indexOf(RECORD_MAGIC); at >= 0; at = chunk.indexOf(RECORD_MAGIC, at + 1)) {
      if ((await recordAt(file, start + at, size)) !== undefined) return start + at;
    }
  }
  return size;
}

/** What an append leaves that did not come to its end: the beginning of a record, or room without content. */
async function isInterrupted(file: FileHandle, offset: number, size: number): Promise<boolean> {
  const head = await readAt(file, offset, RECORD_HEAD_BYTES);
  if (head.length < RECORD_HEAD_BYTES) return true;
  const length = recordLength(head);
  return length === undefined ? isZero(file, offset, size) : offset + length > size;
}

async function isZero(file: FileHandle, offset: number, size: number): Promise<boolean> {
  for (let start = offset; start < size; start += CHUNK_BYTES)
    if ((await readAt(file, start, CHUNK_BYTES)).some((byte) => byte !== 0)) return false;
  return true;
}
