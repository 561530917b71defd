import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TableName } from '../encode/encode-batch.js';
import { StorageError } from '../errors.js';
import { forgetAcked } from './acked-file.js';
import { listDeadLetters, readDeadLetter } from './dead-letters.js';
import { deadLetterFolder, folderError, listSegments } from './folder.js';
import { HEAD_BYTES, parseHead } from './format.js';
import { readAt, scanRecords } from './scan.js';
import { Segment } from './segment.js';

/** Batches of one table. */
export interface Waiting {
  readonly batches: number;
  readonly bytes: number;
  /** Our clock, milliseconds since the epoch. */
  readonly oldestAcceptedAt: number;
}

/** A batch that ClickHouse refused. */
export interface DeadLetter {
  readonly path: string;
  /** Undefined when the file is damaged. */
  readonly batch: { readonly table: TableName; readonly rows: number; readonly message: string } | undefined;
}

/** What is in a spool's folder. */
export interface Inventory {
  readonly waiting: ReadonlyMap<TableName, Waiting>;
  /** Bytes that are no record, in files that are still in use. */
  readonly damagedBytes: number;
  readonly deadLetters: readonly DeadLetter[];
}

/**
 * Looks into a spool's folder without touching it; another process may be at work there.
 * @throws StorageError SPOOL_*.
 */
export async function inventoryOf(dir: string): Promise<Inventory> {
  try {
    const waiting = new Map<TableName, Waiting>();
    let damagedBytes = 0;
    for (const path of (await listSegments(dir)).paths) damagedBytes += await addSegment(path, waiting);
    return { waiting, damagedBytes, deadLetters: await deadLettersIn(dir) };
  } catch (error) {
    throw folderError(dir, error);
  }
}

/** @returns how many of its bytes are no record. */
async function addSegment(path: string, waiting: Map<TableName, Waiting>): Promise<number> {
  const file = await open(path);
  try {
    const head = parseHead(await readAt(file, 0, HEAD_BYTES));
    if (head !== undefined && head.id === undefined)
      throw new StorageError('SPOOL_VERSION', `${path} was written by another version of autotrader`);
    const segment = new Segment(path, head?.id ?? '');
    let damaged = 0;
    for await (const found of scanRecords(file)) {
      if (found.kind === 'bad') damaged += found.length;
      else segment.add(found.batch.table, { ...found, acceptedAt: found.batch.acceptedAt });
    }
    await forgetAcked(segment);
    for (const table of segment.tables) addTable(segment, table, waiting);
    return damaged;
  } finally {
    await file.close();
  }
}

function addTable(segment: Segment, table: TableName, waiting: Map<TableName, Waiting>): void {
  for (let place = segment.take(table); place !== undefined; place = segment.take(table)) {
    const { batches, bytes, oldestAcceptedAt } = waiting.get(table) ?? {
      ...{ batches: 0, bytes: 0, oldestAcceptedAt: place.acceptedAt },
    };
    waiting.set(table, { batches: batches + 1, bytes: bytes + place.length, oldestAcceptedAt });
  }
}

async function deadLettersIn(dir: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const path of await listDeadLetters(deadLetterFolder(dir))) {
    const batch = await readDeadLetter(path);
    const { table, rows, refusal } = batch ?? {};
    letters.push({
      path: basename(path),
      batch: table && rows !== undefined ? { table, rows, message: refusal?.message ?? '' } : undefined,
    });
  }
  return letters;
}
