import { createHash } from 'node:crypto';
import { RecordBatch, RecordBatchStreamWriter, tableFromIPC, makeData } from 'apache-arrow';
import type { EncodedBatch, TableName } from '../encode/encode-batch.js';
import { gather } from './gather.js';

/** The time that decides into which partition a row goes. */
const PARTITION_TIME: Record<TableName, string> = {
  tick_raw: 'timestamp',
  depth_raw: 'timestamp',
  bars_raw: 'open_time',
  gap_raw: 'from_time',
  quarantine_raw: 'received_at',
};

const DAY_MICROS = 86_400_000_000n;

/**
 * A batch as one batch for each of its days (UTC), earliest first, the rows of a day in their order. The same
 * batch is always split into the same bytes and tokens, so that a repetition counts once here, too.
 */
export function splitByDay(batch: EncodedBatch): EncodedBatch[] {
  // A copy, for Arrow wants its numbers at multiples of 8.
  const [whole] = tableFromIPC(Uint8Array.from(batch.bytes)).batches;
  if (whole === undefined) return [];
  return rowsByDay(whole, PARTITION_TIME[batch.table]).map(([day, rows]) => {
    const children = whole.data.children.map((column) => gather(column, rows));
    const data = makeData({ type: whole.data.type, length: rows.length, nullCount: 0, children });
    const bytes = RecordBatchStreamWriter.writeAll([new RecordBatch(whole.schema, data)]).toUint8Array(true);
    const token = createHash('sha256').update(`${batch.token} ${day}`).digest('hex');
    return { ...batch, bytes, token, rows: rows.length };
  });
}

function rowsByDay(whole: RecordBatch, timeColumn: string): [day: bigint, rows: Int32Array][] {
  const times = whole.getChild(timeColumn)?.data[0]?.values as BigInt64Array | undefined;
  if (times === undefined) return [];
  const days = new Map<bigint, number[]>();
  times.subarray(0, whole.numRows).forEach((time, row) => {
    const day = time / DAY_MICROS;
    const rows = days.get(day);
    if (rows === undefined) days.set(day, [row]);
    else rows.push(row);
  });
  return [...days]
    .sort(([one], [other]) => Number(one - other))
    .map(([day, rows]) => [day, Int32Array.from(rows)]);
}
