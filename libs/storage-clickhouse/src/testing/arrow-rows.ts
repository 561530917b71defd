import { DataType, tableFromIPC, Vector } from 'apache-arrow';

/** The rows of an Arrow IPC stream as their view shows them; 64-bit integers and times (microseconds) as numbers. */
export function arrowRows(bytes: Uint8Array): Record<string, unknown>[] {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map(({ name }, index) =>
    columnOf(name, table.getChildAt(index) as Vector),
  );
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}

/** What `received_order` stands for is given by its own name. */
function columnOf(name: string, column: Vector): readonly [name: string, values: unknown[]] {
  if (name !== 'received_order') return [name, valuesOf(column)];
  return ['received_at', Array.from(column, (order: bigint) => Number(2n ** 64n - 1n - order))];
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
