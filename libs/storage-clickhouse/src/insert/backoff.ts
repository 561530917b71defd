const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

/**
 * How long to wait after the given failed attempt (from 1): 100 ms doubling up to 10 s, of which a random half
 * is taken off, so that many clients do not come back at once.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return full * (1 - random() / 2);
}
