import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodedBatch, TableName } from '../encode/encode-batch.js';
import type { OpenAppendFile } from '../spool/append-file.js';
import { Spool } from '../spool/spool.js';
import type { SpoolOptions } from '../spool/spool-options.js';
import { Notices } from './notices.js';

/** A batch of this content; what it is does not matter to a spool. */
export function anyBatch(content: string | Uint8Array, table: TableName = 'tick_raw'): EncodedBatch {
  const bytes = Buffer.from(content);
  const token = createHash('sha256').update(bytes).digest('hex');
  const touched = [
    {
      ...({
        table: 'tick_raw',
        venue: 'BINANCE',
        symbol: 'BTC/USDT',
        stream: 'trade',
        priceType: 'trade',
      } as const),
      ...{ fromMinute: 2, toMinute: 3, fromId: 0, toId: 0 },
    },
  ];
  return { table, columns: ['price', 'size'], rows: 3, bytes, token, receivedAt: 1, touched };
}

/** A spool, and what it has said. */
export interface OpenedSpool {
  readonly spool: Spool;
  readonly notices: Notices;
}

export async function openSpool(
  options: SpoolOptions,
  openFile?: OpenAppendFile,
  onAccepted: (table: TableName) => void = () => undefined,
): Promise<OpenedSpool> {
  const notices = new Notices();
  const listener = { onNotice: notices.onNotice, onAccepted };
  return { spool: await Spool.open(options, listener, openFile), notices };
}

/** Takes and forgets everything of a table. @returns the contents, in order; undefined for what was lost. */
export async function drainTable(
  spool: Spool,
  table: TableName = 'tick_raw',
): Promise<(string | undefined)[]> {
  const contents: (string | undefined)[] = [];
  for (let next = await spool.next(table); next !== undefined; next = await spool.next(table)) {
    contents.push(next.batch && Buffer.from(next.batch.bytes).toString('latin1'));
    spool.forget(next.taken);
  }
  return contents;
}

/** Paths of the segments in a folder, oldest first. */
export async function segmentsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.spool'));
  return names.sort().map((name) => join(folder, name));
}
