import type { Micros } from '@autotrader/schemas';

/** Upper bounds in seconds, as they stand in the `le` label. */
export const LATENCY_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

const BOUNDS_MICROS = LATENCY_BUCKETS.map((seconds) => seconds * 1e6);

/** The smallest latency is that of one to two of these. */
const LEAST_OVER_MICROS = 60_000_000;

/** Latencies counted in plain numbers, since a labelled metric costs more than parsing a trade. */
export class LatencyHistogram {
  /** Observations a bucket, not cumulated; the last one holds what is over every bound. */
  readonly counts = new Float64Array(BOUNDS_MICROS.length + 1);
  /** Sum of all observations in seconds. */
  sum = 0;
  /** Since when the smallest is taken, our clock, microseconds; it and that of the time before are kept. */
  #since: Micros = -Infinity;
  #least: Micros = Infinity;
  #leastBefore: Micros = Infinity;

  /** The smallest latency of the last one to two minutes that had any, microseconds; `Infinity` before the first. */
  get least(): Micros {
    return Math.min(this.#least, this.#leastBefore);
  }

  /**
   * Counts one latency in microseconds; one below zero (our clock is behind the venue's) counts as zero.
   * @param now our clock, microseconds.
   */
  observe(latency: Micros, now: Micros): void {
    if (now - this.#since > LEAST_OVER_MICROS) this.#turn(now);
    if (latency < this.#least) this.#least = latency;
    const positive = latency > 0 ? latency : 0;
    let bucket = 0;
    while (bucket < BOUNDS_MICROS.length && positive > (BOUNDS_MICROS[bucket] ?? Infinity)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += positive / 1e6;
  }

  /** Adds the counts of another one. */
  add(other: LatencyHistogram): this {
    other.counts.forEach((count, bucket) => (this.counts[bucket] = (this.counts[bucket] ?? 0) + count));
    this.sum += other.sum;
    this.#least = Math.min(this.#least, other.#least);
    this.#leastBefore = Math.min(this.#leastBefore, other.#leastBefore);
    return this;
  }

  /** The same counts, which will not change any more. */
  copy(): LatencyHistogram {
    return new LatencyHistogram().add(this);
  }

  #turn(now: Micros): void {
    this.#since = now;
    this.#leastBefore = this.#least;
    this.#least = Infinity;
  }
}
