import type { Batch, TickColumns } from '@autotrader/connector-core';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyBar, anyDepth, anyFrame, anyGap, anyTick } from '../testing/arbitraries.js';
import { arrowRows } from '../testing/arrow-rows.js';
import { depthBatch, tickBatch, trades } from '../testing/batches.js';
import { storedRow } from '../testing/stored.js';
import { encodeBatch } from './encode-batch.js';

const RUNS = { numRuns: 100 };

/** Rows of one kind, and the batch they come in. */
function batchOf<Row extends Parameters<typeof storedRow>[0]>(
  row: fc.Arbitrary<Row>,
  toBatch: (rows: Row[]) => Batch,
) {
  return fc.array(row, { minLength: 1, maxLength: 20 }).map((rows) => ({ rows, batch: toBatch(rows) }));
}

const batches = [
  ['ticks', 'tick_raw', batchOf(anyTick, tickBatch)],
  ['books', 'depth_raw', batchOf(anyDepth, depthBatch)],
  ['bars', 'bars_raw', batchOf(anyBar, (rows) => ({ type: 'bar', length: rows.length, rows }))],
  ['gaps', 'gap_raw', batchOf(anyGap, (rows) => ({ type: 'gap', length: rows.length, rows }))],
  [
    'frames',
    'quarantine_raw',
    batchOf(anyFrame, (rows) => ({ type: 'quarantine', length: rows.length, rows })),
  ],
] as const;

describe('encodeBatch', () => {
  it.each(batches)(
    'writes %s to %s so that an Arrow reader gives back every value',
    (_, table, arbitrary) => {
      fc.assert(
        fc.property(
          arbitrary as fc.Arbitrary<{ rows: Parameters<typeof storedRow>[0][]; batch: Batch }>,
          ({ rows, batch }) => {
            const encoded = encodeBatch(batch);
            expect(encoded).toMatchObject({ table, rows: rows.length });
            const columns = rows.map(storedRow);
            const read = arrowRows(encoded.bytes).map((row) => ({
              ...absentIn(encoded.columns, columns),
              ...row,
            }));
            expect(read).toEqual(columns);
          },
        ),
        RUNS,
      );
    },
  );

  it('gives the same bytes and token for the same batch, whatever was encoded in between', () => {
    const first = encodeBatch(tickBatch(trades(0, 100)));
    encodeBatch(depthBatch([]));
    const second = encodeBatch(tickBatch(trades(0, 100)));
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
    expect(second.token).toBe(first.token);
    expect(first.token).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives another token when one value differs, and when the same rows go elsewhere', () => {
    const rows = trades(0, 100);
    const token = encodeBatch(tickBatch(rows)).token;
    expect(
      encodeBatch(tickBatch([...rows.slice(0, 99), { ...trades(99, 100)[0]!, size: 7 }])).token,
    ).not.toBe(token);
    const gap = encodeBatch({ type: 'gap', length: 0, rows: [] });
    const bar = encodeBatch({ type: 'quarantine', length: 0, rows: [] });
    expect(gap.token).not.toBe(bar.token);
  });

  it('leaves out columns that no row has a value for', () => {
    expect(encodeBatch(tickBatch(trades(0, 2))).columns).not.toContain('bid');
    const withBid = encodeBatch(tickBatch([...trades(0, 1), ...trades(1, 2, { bid: 0 })]));
    expect(withBid.columns).toContain('bid');
    expect(arrowRows(withBid.bytes).map(({ bid }) => bid)).toEqual([null, 0]);
  });

  it('encodes part of larger columns as exactly that part', () => {
    const { columns, sources } = tickBatch(trades(0, 100));
    const part = { ...columns };
    for (const name of Object.keys(columns) as (keyof TickColumns)[])
      Object.assign(part, { [name]: columns[name].subarray(40, 60) });
    const batch: Batch = { type: 'tick', length: 20, sources, columns: part };
    expect(encodeBatch(batch).token).toBe(encodeBatch(tickBatch(trades(40, 60))).token);
  });
});

/** What ClickHouse fills in where it is not NULL. */
const FILLED_IN: Readonly<Record<string, unknown>> = { condition: '', content_id: 0, adjustment: '' };

/** NULL for the columns that the stream leaves out. */
function absentIn(
  present: readonly string[],
  rows: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const columns = rows.flatMap((row) => Object.keys(row)).filter((column) => !present.includes(column));
  return Object.fromEntries(columns.map((column) => [column, FILLED_IN[column] ?? null]));
}
