/** How long to wait before the next try. */
export interface BackoffOptions {
  /** Shortest wait, in milliseconds. */
  readonly minMs: number;
  /** Longest wait, in milliseconds. */
  readonly maxMs: number;
  /** 0 to 1, uniform; passed in so that tests decide. */
  readonly random: () => number;
}

/**
 * Exponential waits with jitter: between half of a step and the whole of it, so that connections that fell together
 * do not come back together. The first step is twice the shortest wait, and each doubles up to the longest.
 */
export class Backoff {
  #tries = 0;

  constructor(private readonly options: BackoffOptions) {}

  /** Tries since the last success. */
  get tries(): number {
    return this.#tries;
  }

  /** The wait before the next try, in milliseconds. */
  next(): number {
    const { minMs, maxMs, random } = this.options;
    const step = Math.min(maxMs, minMs * 2 ** ++this.#tries);
    return Math.max(minMs, step * (0.5 + 0.5 * random()));
  }

  /** The venue is well again. */
  reset(): void {
    this.#tries = 0;
  }
}
