import { describe, expect, it } from '@jest/globals';
import { LATENCY_BUCKETS, LatencyHistogram } from './latency-histogram.js';

describe('the latency histogram', () => {
  it('counts a latency in the first bucket whose bound is not below it', () => {
    const histogram = new LatencyHistogram();
    for (const micros of [0, 1_000, 1_001, 2_500, 9_999_999, 10_000_000]) histogram.observe(micros);
    expect([...histogram.counts]).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
    histogram.observe(10_000_001);
    expect(histogram.counts[LATENCY_BUCKETS.length]).toBe(1);
  });

  it('sums in seconds, and counts what is below zero as zero', () => {
    const histogram = new LatencyHistogram();
    histogram.observe(1_500_000);
    histogram.observe(-9_000_000);
    expect(histogram.sum).toBe(1.5);
    expect(histogram.counts[0]).toBe(1);
  });

  it('copies to what does not change any more', () => {
    const histogram = new LatencyHistogram();
    histogram.observe(1);
    const copy = histogram.copy();
    histogram.observe(1);
    expect([copy.counts[0], copy.sum]).toEqual([1, 0.000001]);
  });
});
