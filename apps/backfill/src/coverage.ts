import type { Micros } from '@autotrader/schemas';
import type { TimeRange } from './dataset.js';

/** What times, in whatever pieces, are covered together. */
export class Coverage {
  /** Apart from one another, in their order. */
  readonly #runs: { from: Micros; to: Micros }[] = [];

  constructor(times: readonly TimeRange[]) {
    for (const { from, to } of [...times].sort((a, b) => a.from - b.from)) {
      const last = this.#runs.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else this.#runs.push({ from, to });
    }
  }

  /** Whether all of a time is covered. */
  covers({ from, to }: TimeRange): boolean {
    const run = this.#runs[this.#firstEndingAfter(from)];
    return run !== undefined && run.from <= from && run.to >= to;
  }

  /** Whether any of a time is covered. */
  touches({ from, to }: TimeRange): boolean {
    const run = this.#runs[this.#firstEndingAfter(from)];
    return run !== undefined && run.from < to;
  }

  /** The parts of a time that are not covered. */
  gaps({ from, to }: TimeRange): TimeRange[] {
    const gaps: TimeRange[] = [];
    let at = from;
    for (let index = this.#firstEndingAfter(from); at < to; index++) {
      const run = this.#runs[index];
      const next = Math.min(to, run?.from ?? to);
      if (next > at) gaps.push({ from: at, to: next });
      at = run?.to ?? to;
    }
    return gaps;
  }

  #firstEndingAfter(time: Micros): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.to ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
