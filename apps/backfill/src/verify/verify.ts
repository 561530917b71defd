import type { Instrument } from '@autotrader/connector-core';
import { type Gap, type Micros, parseRfc3339 } from '@autotrader/schemas';
import type { Storage, Task, TaskLedger } from '@autotrader/storage-clickhouse';
import { Coverage } from '../coverage.js';
import type { Dataset, TimeRange } from '../dataset.js';
import { type Hole, holesOf } from './holes.js';
import { sqlText, sqlTime } from './rows-condition.js';
import { StoredRows } from './stored-rows.js';

/** What a dataset has of an instrument, held against what there should be. */
export interface Verified {
  readonly instrument: Instrument;
  readonly range: TimeRange;
  readonly holes: readonly Hole[];
  /** Times whose end is not yet over. */
  readonly open: number;
  /** Rows that are stored. */
  readonly rows: number;
  readonly days: readonly VerifiedDay[];
}

/** A day of it. */
export interface VerifiedDay extends TimeRange {
  /** Rows that were fetched, by the ledger; of tasks that are longer than a day it is not told. */
  readonly fetched: number | undefined;
  readonly stored: number;
  readonly isComplete: boolean;
}

/** What is looked at. */
export interface VerifyContext {
  readonly storage: Pick<Storage, 'query' | 'write' | 'drained'>;
  readonly ledger: TaskLedger;
  readonly dataset: Dataset;
}

/** Looks for what is missing. @throws StorageError. */
export async function verify(
  { storage, ledger, dataset }: VerifyContext,
  instrument: Instrument,
  range: TimeRange,
): Promise<Verified> {
  const now = ledger.now();
  const times = [...dataset.tasks(instrument, range, now)];
  const whole = spanOf(times, range);
  const tasks = await ledger.tasks({ dataset: dataset.name, symbols: [instrument.symbol], ...whole });
  const stored = await StoredRows.count(storage, dataset, instrument, spanOf(tasks, whole));
  const isOpen = (time: TimeRange): boolean => dataset.isOpen(time, now);
  const begins = times[0]?.from ?? range.to;
  const wanted = { from: Math.max(range.from, begins), to: range.to };
  const expected = [...dataset.expected(instrument, wanted)];
  const holes = holesOf({ times, tasks, expected, isOpen, storedRows: (time) => stored.of(time) });
  const missing = new Coverage(holes);
  const fetched = fetchedByDay(tasks);
  const days = [...dataset.days(instrument, wanted)].map((day): VerifiedDay => ({
    ...day,
    fetched: fetched(day),
    stored: stored.of(day),
    isComplete: !missing.touches(day) && !isOpen(day),
  }));
  return {
    instrument,
    range: wanted,
    holes,
    open: times.filter(isOpen).length,
    rows: stored.of(wanted),
    days,
  };
}

/** Writes the holes to `gap`, and that those of before are healed which are none any more. @throws StorageError. */
export async function noteHoles(
  { storage, ledger, dataset }: VerifyContext,
  { instrument, range, holes }: Verified,
): Promise<void> {
  const now = ledger.now();
  const { venue, stream } = dataset;
  const gap = (from: Micros, to: Micros): Gap => ({
    type: 'gap',
    ...{ venue, stream, ...instrumentFields(instrument), timestamp: to, receivedAt: now },
    ...{ fromTime: from, toTime: to, cause: 'BACKFILL' },
  });
  const known = await storage.query<{ from_time: string; to_time: string }>(`
    SELECT from_time, to_time FROM gap
    WHERE venue = ${sqlText(venue)} AND symbol = ${sqlText(instrument.symbol)} AND stream = ${sqlText(stream)}
      AND cause = 'BACKFILL' AND healed_at IS NULL
      AND from_time >= ${sqlTime(range.from)} AND from_time < ${sqlTime(range.to)}`);
  const open = new Set(holes.map(({ from }) => from));
  const healed = known
    .map((row) => ({ from: parseRfc3339(row.from_time), to: parseRfc3339(row.to_time) }))
    .filter(({ from }) => !open.has(from))
    .map(({ from, to }) => ({ ...gap(from, to), healedAt: now }));
  const rows = [...holes.map(({ from, to }) => gap(from, to)), ...healed];
  if (rows.length > 0) await storage.write({ type: 'gap', length: rows.length, rows });
}

/** Tasks about the holes are to be done again. @returns how many. @throws StorageError. */
export async function reopenHoles(
  { ledger, dataset }: VerifyContext,
  { instrument, holes }: Verified,
): Promise<number> {
  let count = 0;
  for (const { from, to, why } of holes) {
    const tasks = await ledger.tasks({ dataset: dataset.name, symbols: [instrument.symbol], from, to });
    const finished = tasks.filter(({ state }) => state === 'done' || state === 'empty');
    await ledger.reopen(finished, why);
    count += finished.length;
  }
  return count;
}

function instrumentFields({ symbol, venueSymbol, assetClass }: Instrument): Instrument {
  return { symbol, venueSymbol, assetClass };
}

function spanOf(times: readonly TimeRange[], range: TimeRange): TimeRange {
  return times.reduce(
    (span, { from, to }) => ({ from: Math.min(span.from, from), to: Math.max(span.to, to) }),
    range,
  );
}

/** Rows of the tasks that are within a day; `undefined` where one is longer. */
function fetchedByDay(tasks: readonly Task[]): (day: TimeRange) => number | undefined {
  const done = tasks.filter(({ state }) => state === 'done');
  let first = 0;
  // Days and tasks are both in their order.
  return ({ from, to }) => {
    while ((done[first]?.to ?? Infinity) <= from) first++;
    let sum = 0;
    for (let at = first; at < done.length; at++) {
      const task = done[at];
      if (task === undefined || task.from >= to) break;
      if (task.from < from || task.to > to) return undefined;
      sum += task.rows;
    }
    return sum;
  };
}
