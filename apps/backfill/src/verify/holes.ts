import type { Task } from '@autotrader/storage-clickhouse';
import { Coverage } from '../coverage.js';
import type { TimeRange } from '../dataset.js';

/** A time of which something is missing. */
export interface Hole extends TimeRange {
  /** Why it counts as one, in a few words. */
  readonly why: string;
}

/** What holes are looked for in. */
export interface Evidence {
  /** What is wanted: the times that are fetched. */
  readonly times: readonly TimeRange[];
  readonly tasks: readonly Task[];
  /** The parts in each of which there should be something. */
  readonly expected: readonly TimeRange[];
  readonly isOpen: (time: TimeRange) => boolean;
  readonly storedRows: (time: TimeRange) => number;
}

/**
 * What is missing: times that are over and were not fetched; times of which fewer rows are stored than were fetched; and times
 * without a row though the market was open. Neighbours of one kind are one.
 */
export function holesOf({ times, tasks, expected, isOpen, storedRows }: Evidence): Hole[] {
  const over = times.filter((time) => !isOpen(time));
  const finished = tasks.filter(({ state }) => state === 'done' || state === 'empty');
  const fetched = new Coverage(finished);
  const failed = tasks.filter(({ state }) => state === 'failed');
  const holes: Hole[] = over.flatMap((time) => fetched.gaps(time)).map((part) => notFetched(part, failed));
  const wanted = new Coverage(over);
  for (const task of finished)
    if (storedRows(task) < task.rows && wanted.touches(task))
      holes.push({ from: task.from, to: task.to, why: 'fewer rows are stored than were fetched' });
  const known = new Coverage(holes);
  for (const part of expected)
    if (!isOpen(part) && storedRows(part) === 0 && fetched.covers(part) && !known.touches(part))
      holes.push({ ...part, why: 'nothing, though the market was open' });
  return merged(holes);
}

function notFetched({ from, to }: TimeRange, failed: readonly Task[]): Hole {
  const why = failed.find((task) => task.from < to && from < task.to)?.reason;
  return { from, to, why: why === undefined ? 'not fetched' : `not fetched: ${why}` };
}

function merged(holes: readonly Hole[]): Hole[] {
  const all: Hole[] = [];
  for (const hole of [...holes].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last?.to === hole.from && last.why === hole.why) all[all.length - 1] = { ...last, to: hole.to };
    else all.push(hole);
  }
  return all;
}
