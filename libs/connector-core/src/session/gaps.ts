import type { Gap, GapCause, Micros } from '@autotrader/schemas';
import type { Source } from '../source.js';
import { type Hole, remainder } from './continuity.js';

interface Missing {
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

/**
 * What stands in place of a gap once the ids `first` to `last` of it have arrived: the part that has healed and
 * the parts still missing. A gap is known by its first id, so these replace it, to the id.
 */
export function remainingGaps(
  source: Source,
  hole: Hole,
  first: number,
  last: number,
  receivedAt: Micros,
): Gap[] {
  const healed = {
    ...hole,
    from: Math.max(first, hole.from),
    to: Math.min(last, hole.to),
    healedAt: receivedAt,
  };
  return [...remainder(hole, first, last), healed]
    .sort((a, b) => a.from - b.from)
    .map((part) => gapOf(source, { ...part, cause: 'SEQUENCE' }, receivedAt));
}
