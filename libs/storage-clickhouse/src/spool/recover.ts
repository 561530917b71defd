import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { StorageError } from '../errors.js';
import type { OnNotice } from '../notice.js';
import { batchesText } from './amounts.js';
import { forgetAcked } from './acked-file.js';
import { HEAD_BYTES, newFileId, parseHead, type SpooledBatch } from './format.js';
import { moveAside, rewrite } from './repair.js';
import { type Found, readAt, scanRecords } from './scan.js';
import { Segment } from './segment.js';

type OnRecord = (batch: SpooledBatch) => void;
type Bad = Extract<Found, { kind: 'bad' }>;

/** What a file was found to hold. */
interface Survey {
  /** Undefined when the head is damaged. */
  readonly id: string | undefined;
  readonly size: number;
  readonly segment: Segment;
  readonly bad: readonly Bad[];
}

/**
 * Takes up a file that an earlier run left. An append that was cut off by a crash is cut away; bytes that are
 * damaged are moved aside, and what is good behind them is kept. Both are said.
 * @param onRecord called with each good record, in order, those that are not needed any more among them.
 * @returns nothing when there is nothing in it.
 * @throws StorageError SPOOL_VERSION, and nothing is changed; what the file system throws.
 */
export async function recoverSegment(
  path: string,
  onNotice: OnNotice,
  onRecord: OnRecord = () => undefined,
): Promise<Segment | undefined> {
  const survey = await surveyed(path, onRecord);
  const segment = await repaired(path, survey, onNotice);
  if (segment === undefined) return undefined;
  await forgetAcked(segment);
  segment.isSealed = true;
  return segment;
}

async function surveyed(path: string, onRecord: OnRecord): Promise<Survey> {
  const file = await open(path);
  try {
    return await survey(path, file, onRecord);
  } catch (error) {
    if (error instanceof RangeError) throw otherVersion(path);
    throw error;
  } finally {
    await file.close();
  }
}

async function survey(path: string, file: FileHandle, onRecord: OnRecord): Promise<Survey> {
  const head = parseHead(await readAt(file, 0, HEAD_BYTES));
  if (head !== undefined && head.id === undefined) throw otherVersion(path);
  const segment = new Segment(path, head?.id ?? newFileId());
  const bad: Bad[] = [];
  for await (const found of scanRecords(file, head === undefined ? 0 : HEAD_BYTES)) {
    if (found.kind === 'bad') bad.push(found);
    else {
      const { offset, length, batch } = found;
      segment.add(batch.table, { offset, length, acceptedAt: batch.acceptedAt });
      segment.length = offset + length;
      onRecord(batch);
    }
  }
  return { id: head?.id, size: (await file.stat()).size, segment, bad };
}

async function repaired(path: string, found: Survey, onNotice: OnNotice): Promise<Segment | undefined> {
  const { segment, bad, size } = found;
  const isEmpty = segment.pendingBatches === 0;
  const isHeadGood = found.id !== undefined;
  if (size < HEAD_BYTES || (isHeadGood && isEmpty && bad.every(({ isTorn }) => isTorn))) {
    await rm(path);
    const bytes = isHeadGood ? size - HEAD_BYTES : size;
    if (bytes > 0) onNotice(cut(path, bytes));
    return undefined;
  }
  const [first] = bad;
  if (first === undefined) return segment;
  if (isHeadGood && bad.length === 1 && first.isTorn) return truncated(path, segment, first, onNotice);
  if (isEmpty) {
    await rename(path, `${path}.corrupt`);
    onNotice(corrupt(path, size, `${basename(path)}.corrupt`, 0));
    return undefined;
  }
  const aside = await Promise.all(bad.map((each) => moveAside(path, each)));
  const bytes = bad.reduce((sum, { length }) => sum + length, 0);
  const clean = await rewrite(path);
  onNotice(corrupt(path, bytes, aside.join(', '), clean.pendingBatches));
  return clean;
}

async function truncated(
  path: string,
  segment: Segment,
  { length }: Bad,
  onNotice: OnNotice,
): Promise<Segment> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(segment.length);
    await file.sync();
  } finally {
    await file.close();
  }
  onNotice(cut(path, length));
  return segment;
}

function cut(path: string, bytes: number) {
  const what = `${basename(path)}: its last ${bytes} bytes were an append that had been interrupted`;
  const message = `spool ${dirname(path)}: ${what}; they had not been accepted and are cut off`;
  return { kind: 'SPOOL_CUT', level: 'warn', message } as const;
}

function corrupt(path: string, bytes: number, aside: string, batches: number) {
  const what = `${bytes} bytes of ${basename(path)} are damaged and are kept in ${aside}`;
  const message = `spool ${dirname(path)}: ${what}; what is good of it is kept, ${batchesText(batches)}: check the disk`;
  return { kind: 'SPOOL_CORRUPT', level: 'error', message } as const;
}

function otherVersion(path: string): StorageError {
  const what = `${path} was written by another version of autotrader`;
  return new StorageError('SPOOL_VERSION', `${what}: let that version store it first, or move the file away`);
}
