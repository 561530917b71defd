import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles from 100 ms up to 10 s', () => {
    const delays = [1, 2, 3, 7, 8, 9, 1000].map((attempt) => backoffMs(attempt, () => 0));
    expect(delays).toEqual([100, 200, 400, 6_400, 10_000, 10_000, 10_000]);
  });

  it('takes off a random part, at most half', () => {
    expect(backoffMs(1, () => 0.5)).toBe(75);
    expect(backoffMs(9, () => 1)).toBe(5_000);
  });
});
