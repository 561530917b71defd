import { describe, expect, it } from '@jest/globals';
import { backoffMs, WITH_PATIENCE } from './backoff.js';

const delays = (pace: typeof WITH_PATIENCE | undefined, attempts: number[]): number[] =>
  attempts.map((attempt) => backoffMs(attempt, pace, () => 0));

describe('backoffMs', () => {
  it('doubles from 100 ms up to 10 s', () => {
    const expected = [100, 200, 400, 6_400, 10_000, 10_000, 10_000];
    expect(delays(undefined, [1, 2, 3, 7, 8, 9, 1000])).toEqual(expected);
  });

  it('with patience doubles from 1 s up to 30 s', () => {
    expect(delays(WITH_PATIENCE, [1, 2, 5, 6, 1000])).toEqual([1_000, 2_000, 16_000, 30_000, 30_000]);
  });

  it('takes off a random part, at most half', () => {
    expect(backoffMs(1, undefined, () => 0.5)).toBe(75);
    expect(backoffMs(9, undefined, () => 1)).toBe(5_000);
  });
});
