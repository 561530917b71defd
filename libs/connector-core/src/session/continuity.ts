import type { GapCause, Micros } from '@autotrader/schemas';

/** Ids that were jumped over and have not arrived since; both ends inclusive. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  /** Time of the last event before, and of the first after, microseconds. */
  readonly fromTime: Micros;
  readonly toTime: Micros;
  readonly cause: GapCause;
}

/** What an event means for its stream: it goes on, was here before, leaves a hole, fills one, or begins anew. */
export type Continuation = 'next' | 'duplicate' | 'jump' | 'fill' | 'reset';

const MOST_HOLES = 10_000;
/**
 * A venue that begins its ids anew was away for longer than this. A repetition may come with a later time than the
 * latest: Binance's diffs carry the time they were published, which two of its servers do at slightly different times.
 */
const RESET_AFTER_MICROS = 1_000_000;

/**
 * Follows the ids of one stream in which every id follows the one before (Binance `t`, `a`, `U`/`u`).
 * It outlives connections, so what was missed between two of them is known exactly.
 */
export class Continuity {
  #last = NaN;
  /** Latest time of any event, since a venue's times may step back a little from one id to the next. */
  #latest: Micros = 0;
  #holes: Hole[] = [];

  /** Last id seen; `NaN` before the first. */
  get last(): number {
    return this.#last;
  }

  /** What is missing, oldest first. */
  get holes(): readonly Hole[] {
    return this.#holes;
  }

  /** Goes on after an id that was seen in an earlier life of the process. */
  resume(last: number, time: Micros): void {
    this.#move(last, time, 'next');
  }

  /**
   * Judges an event that covers the ids `first` to `last` and remembers it; `cause` is why ids before it would
   * be missing. After `jump` the new hole is the last of {@link holes}; on `fill` the caller calls {@link fill}.
   */
  observe(first: number, last: number, time: Micros, cause: GapCause): Continuation {
    const previous = this.#last;
    if (first === previous + 1 || Number.isNaN(previous)) return this.#move(last, time, 'next');
    if (first > previous + 1) return this.#jump(first, last, time, cause);
    const isMissing = this.#holes.some((hole) => first <= hole.to && last >= hole.from);
    if (last > previous) return this.#move(last, time, isMissing ? 'fill' : 'next');
    if (isMissing) return this.#move(previous, time, 'fill');
    if (time <= this.#latest + RESET_AFTER_MICROS || last === previous) return 'duplicate';
    this.#holes = [];
    return this.#move(last, time, 'reset');
  }

  /** Takes what arrived after all out of the holes; gives back the holes it touched, as they were. */
  fill(first: number, last: number): Hole[] {
    const touched = this.#holes.filter((hole) => first <= hole.to && last >= hole.from);
    this.#holes = this.#holes.flatMap((hole) => remainder(hole, first, last));
    return touched;
  }

  #move(last: number, time: Micros, continuation: Continuation): Continuation {
    this.#last = last;
    if (time > this.#latest) this.#latest = time;
    return continuation;
  }

  #jump(first: number, last: number, time: Micros, cause: GapCause): Continuation {
    const fromTime = Math.min(this.#latest, time);
    this.#holes.push({ from: this.#last + 1, to: first - 1, fromTime, toTime: time, cause });
    if (this.#holes.length > MOST_HOLES) this.#holes.shift();
    return this.#move(last, time, 'jump');
  }
}

/** What is left of a hole once the ids `first` to `last` are there. */
export function remainder(hole: Hole, first: number, last: number): Hole[] {
  if (first > hole.to || last < hole.from) return [hole];
  const rest: Hole[] = [];
  if (first > hole.from) rest.push({ ...hole, to: first - 1 });
  if (last < hole.to) rest.push({ ...hole, from: last + 1 });
  return rest;
}
