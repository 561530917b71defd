import { type Data, DataType, makeData, type Vector } from 'apache-arrow';
import type { Indices } from '../encode/dictionary.js';

/** Some rows of a column, in this order. */
export function gather(column: Data, rows: Int32Array): Data {
  const { type } = column;
  const base = { length: rows.length, ...validity(column, rows) };
  if (DataType.isDictionary(type))
    return makeData({ ...base, type, data: fixed(column, rows), dictionary: column.dictionary as Vector });
  if (DataType.isBool(type))
    return makeData({ ...base, type, data: bits(column.values as Uint8Array, rows) });
  if (DataType.isUtf8(type)) return makeData({ ...base, type, ...bytes(column, rows) });
  if (DataType.isBinary(type)) return makeData({ ...base, type, ...bytes(column, rows) });
  if (DataType.isStruct(type))
    return makeData({ ...base, type, children: column.children.map((child) => gather(child, rows)) });
  if (DataType.isList(type)) return makeData({ ...base, type, ...items(column, rows) });
  return makeData({ ...base, type, data: fixed(column, rows) } as Parameters<typeof makeData>[0]);
}

type Numbers = Indices | Float64Array;

/** Values of a fixed width; all kinds of number are handled alike. */
function fixed(column: Data, rows: Int32Array): Numbers {
  const values = column.values as Numbers;
  const gathered = new (values.constructor as new (length: number) => Numbers)(rows.length);
  for (let row = 0; row < rows.length; row++) gathered[row] = values[rows[row] ?? 0] ?? 0;
  return gathered;
}

function validity(
  { nullCount, nullBitmap }: Data,
  rows: Int32Array,
): { nullBitmap?: Uint8Array; nullCount: number } {
  if (nullCount === 0 || nullBitmap.length === 0) return { nullCount: 0 };
  const bitmap = bits(nullBitmap, rows);
  const nulls = rows.reduce((sum, row) => sum + (isSet(nullBitmap, row) ? 0 : 1), 0);
  return { nullBitmap: bitmap, nullCount: nulls };
}

/** One bit a row, least significant bit first. */
function bits(from: Uint8Array, rows: Int32Array): Uint8Array {
  const gathered = new Uint8Array((rows.length + 7) >> 3);
  rows.forEach((row, index) => {
    if (isSet(from, row)) gathered[index >> 3] = (gathered[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return gathered;
}

function isSet(bitmap: Uint8Array, row: number): boolean {
  return ((bitmap[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

function bytes(column: Data, rows: Int32Array): { valueOffsets: Int32Array; data: Uint8Array } {
  const from = column.valueOffsets as Int32Array;
  const values = column.values as Uint8Array;
  const pieces = Array.from(rows, (row) => values.subarray(from[row], from[row + 1]));
  return { valueOffsets: offsetsOf(pieces.map(({ length }) => length)), data: Buffer.concat(pieces) };
}

function items(column: Data, rows: Int32Array): { valueOffsets: Int32Array; child: Data } {
  const from = column.valueOffsets as Int32Array;
  const spans = Array.from(rows, (row) => [from[row] ?? 0, from[row + 1] ?? 0] as const);
  const valueOffsets = offsetsOf(spans.map(([start, end]) => end - start));
  const itemRows = new Int32Array(valueOffsets.at(-1) ?? 0);
  let item = 0;
  for (const [start, end] of spans) for (let row = start; row < end; row++) itemRows[item++] = row;
  const [child] = column.children;
  if (child === undefined) throw new TypeError('a list without items');
  return { valueOffsets, child: gather(child, itemRows) };
}

function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, index) => (offsets[index + 1] = (offsets[index] ?? 0) + length));
  return offsets;
}
