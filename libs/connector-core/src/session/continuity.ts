import type { Micros } from '@autotrader/schemas';

/** Ids that were jumped over and have not arrived since; both ends inclusive. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  /** Time of the last event before, and of the first after, microseconds. */
  readonly fromTime: Micros;
  readonly toTime: Micros;
}

/** What an event means for its stream: it goes on, was here before, leaves a hole, fills one, or begins anew. */
export type Continuation = 'next' | 'duplicate' | 'jump' | 'fill' | 'reset';

const MOST_HOLES = 10_000;

/**
 * Follows the ids of one stream in which every id follows the one before (Binance `t`, `a`, `U`/`u`).
 * It outlives connections, so what was missed between two of them is known exactly.
 */
export class Continuity {
  #last = NaN;
  #lastTime: Micros = 0;
  #holes: Hole[] = [];

  /** Last id seen; `NaN` before the first. */
  get last(): number {
    return this.#last;
  }

  /** What is missing, in the order of the ids. */
  get holes(): readonly Hole[] {
    return this.#holes;
  }

  /** Judges an event that covers the ids `first` to `last` and remembers it. */
  observe(first: number, last: number, time: Micros): Continuation {
    const previous = this.#last;
    if (first === previous + 1 || Number.isNaN(previous)) return this.#move(last, time, 'next');
    if (first > previous + 1) return this.#jump(first, last, time);
    if (last > previous) return this.#move(last, time, 'next');
    if (this.#holes.some((hole) => first <= hole.to && last >= hole.from)) return 'fill';
    if (time <= this.#lastTime || last === previous) return 'duplicate';
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
    this.#lastTime = time;
    return continuation;
  }

  #jump(first: number, last: number, time: Micros): Continuation {
    this.#holes.push({ from: this.#last + 1, to: first - 1, fromTime: this.#lastTime, toTime: time });
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
