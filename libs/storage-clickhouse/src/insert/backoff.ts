/** The first pause after a failure, and the longest, in milliseconds. */
export interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

const SOON: Pace = { firstMs: 100, longestMs: 10_000 };

/** For a server whose merges are behind: more inserts make it worse. */
export const WITH_PATIENCE: Pace = { firstMs: 1_000, longestMs: 30_000 };

/**
 * How long to wait after the given failed attempt (from 1): 100 ms doubling up to 10 s, unless another pace is
 * named, of which a random half is taken off, so that many clients do not come back at once.
 */
export function backoffMs(
  attempt: number,
  { firstMs, longestMs }: Pace = SOON,
  random: () => number = Math.random,
): number {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return full * (1 - random() / 2);
}
