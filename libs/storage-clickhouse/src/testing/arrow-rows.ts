import { DataType, tableFromIPC, Vector } from 'apache-arrow';

/** The rows of an Arrow IPC stream; 64-bit integers and times (microseconds) as numbers. */
export function arrowRows(bytes: Uint8Array): Record<string, unknown>[] {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map(
    ({ name }, index) => [name, valuesOf(table.getChildAt(index) as Vector)] as const,
  );
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}

function valuesOf(column: Vector): unknown[] {
  if (DataType.isTimestamp(column.type)) return rawValuesOf(column);
  return Array.from(column, (value: unknown) => plain(value));
}

/** A time is read from the buffer: the vector's own reader gives milliseconds. */
function rawValuesOf(column: Vector): unknown[] {
  const raw = column.data[0]?.values as BigInt64Array;
  return Array.from({ length: column.length }, (_, row) => (column.isValid(row) ? Number(raw[row]) : null));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return isLevels(value) ? Array.from(value, ({ price, size }) => ({ price, size })) : value;
}

function isLevels(value: unknown): value is Iterable<{ price: number; size: number }> {
  return value instanceof Vector;
}
