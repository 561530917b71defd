import type { Gap, GapCause, Micros } from '@autotrader/schemas';
import type { Source } from '../source.js';
import { type Hole, remainder } from './continuity.js';

/** What is missing of a stream; ids both inclusive, times in microseconds. */
export interface Missing {
  readonly from?: number;
  readonly to?: number;
  readonly fromTime: Micros;
  readonly toTime: Micros;
  readonly cause: GapCause;
  readonly healedAt?: Micros;
}

/** The gap event for something missing, as found out at `receivedAt` (our clock, microseconds). */
export function gapOf(source: Source, missing: Missing, receivedAt: Micros): Gap {
  const { from, to, fromTime, toTime, cause, healedAt } = missing;
  return {
    type: 'gap',
    ...source,
    timestamp: toTime,
    receivedAt,
    ...(from === undefined ? {} : { fromSequence: from }),
    ...(to === undefined ? {} : { toSequence: to }),
    fromTime,
    toTime,
    cause,
    ...(healedAt === undefined ? {} : { healedAt }),
  };
}

/** A part of a hole, by whether it is still missing. */
export interface HolePart extends Hole {
  readonly isMissing: boolean;
}

/**
 * What a hole comes apart into once the ids `first` to `last` of it have arrived, in the order of the ids: the part
 * that has healed and what is missing still. A gap is known by its first id, so these replace it, to the id.
 */
export function partsOf(hole: Hole, first: number, last: number): HolePart[] {
  const healed = { ...hole, from: Math.max(first, hole.from), to: Math.min(last, hole.to), isMissing: false };
  const missing = remainder(hole, first, last).map((part) => ({ ...part, isMissing: true }));
  return [...missing, healed].sort((a, b) => a.from - b.from);
}
