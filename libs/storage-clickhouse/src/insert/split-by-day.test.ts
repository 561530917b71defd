import type { Batch } from '@autotrader/connector-core';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeBatch } from '../encode/encode-batch.js';
import { anyBar, anyDepth, anyFrame, anyGap, anyTick } from '../testing/arbitraries.js';
import { arrowRows } from '../testing/arrow-rows.js';
import { depthBatch, tickBatch } from '../testing/batches.js';
import { splitByDay } from './split-by-day.js';

const DAY = 86_400_000_000;

/** Times of a few days, so that days have rows in common. */
const time = fc.integer({ min: 0, max: 4 * DAY });
const some = <Event extends object>(event: fc.Arbitrary<Event>, name: string): fc.Arbitrary<Event[]> =>
  fc.array(
    fc.tuple(event, time).map(([each, at]) => ({ ...each, [name]: at })),
    { minLength: 1, maxLength: 20 },
  );

const batches: [column: string, fc.Arbitrary<Batch>][] = [
  ['timestamp', some(anyTick, 'timestamp').map(tickBatch)],
  ['timestamp', some(anyDepth, 'timestamp').map(depthBatch)],
  ['open_time', some(anyBar, 'openTime').map((rows): Batch => ({ type: 'bar', length: rows.length, rows }))],
  ['from_time', some(anyGap, 'fromTime').map((rows): Batch => ({ type: 'gap', length: rows.length, rows }))],
  [
    'received_at',
    some(anyFrame, 'receivedAt').map((rows): Batch => ({ type: 'quarantine', length: rows.length, rows })),
  ],
];

describe('a batch split by day', () => {
  it.each(batches)('(by its %s) has every row once, those of a day together and in order', (column, any) => {
    fc.assert(
      fc.property(any, (batch) => {
        const whole = encodeBatch(batch);
        const days = splitByDay(whole);
        const dayOf = (row: Record<string, unknown>): number => Math.floor(Number(row[column]) / DAY);
        const expected = new Map<number, Record<string, unknown>[]>();
        for (const row of arrowRows(whole.bytes))
          expected.set(dayOf(row), [...(expected.get(dayOf(row)) ?? []), row]);
        const inOrder = [...expected.keys()].sort((one, other) => one - other);
        expect(days.map(({ bytes }) => arrowRows(bytes))).toEqual(inOrder.map((day) => expected.get(day)));
        expect(days.map(({ rows }) => rows)).toEqual(inOrder.map((day) => expected.get(day)?.length));
        for (const day of days) expect([day.table, day.columns]).toEqual([whole.table, whole.columns]);
      }),
      { numRuns: 50, seed: 5 },
    );
  });

  it('is split into the same bytes and tokens each time, no two alike', () => {
    const ticks = fc.sample(some(anyTick, 'timestamp'), { numRuns: 1, seed: 9 })[0] ?? [];
    const whole = encodeBatch(tickBatch(ticks));
    const [one, other] = [splitByDay(whole), splitByDay({ ...whole, bytes: Uint8Array.from(whole.bytes) })];
    expect(one.map(({ token, bytes }) => [token, [...bytes]])).toEqual(
      other.map(({ token, bytes }) => [token, [...bytes]]),
    );
    expect(new Set([whole.token, ...one.map(({ token }) => token)]).size).toBe(one.length + 1);
  });
});
