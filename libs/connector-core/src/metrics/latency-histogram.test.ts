import { describe, expect, it } from '@jest/globals';
import { LATENCY_BUCKETS, LatencyHistogram } from './latency-histogram.js';

describe('the latency histogram', () => {
  it('counts a latency in the first bucket whose bound is not below it', () => {
    const histogram = new LatencyHistogram();
    for (const micros of [0, 1_000, 1_001, 2_500, 9_999_999, 10_000_000]) histogram.observe(micros, 0);
    expect([...histogram.counts]).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
    histogram.observe(10_000_001, 0);
    expect(histogram.counts[LATENCY_BUCKETS.length]).toBe(1);
  });

  it('sums in seconds, and counts what is below zero as zero', () => {
    const histogram = new LatencyHistogram();
    histogram.observe(1_500_000, 0);
    histogram.observe(-9_000_000, 0);
    expect(histogram.sum).toBe(1.5);
    expect(histogram.counts[0]).toBe(1);
  });

  it('remembers the smallest of the last one to two minutes', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.least).toBe(Infinity);
    const minute = 60_000_000;
    histogram.observe(-5, 0);
    histogram.observe(70, minute);
    expect(histogram.least).toBe(-5);
    histogram.observe(50, minute + 1);
    expect(histogram.least).toBe(-5);
    histogram.observe(60, 2 * minute + 2);
    expect(histogram.least).toBe(50);
  });

  it('copies to what does not change any more', () => {
    const histogram = new LatencyHistogram();
    histogram.observe(1, 0);
    const copy = histogram.copy();
    histogram.observe(1, 0);
    expect([copy.counts[0], copy.sum]).toEqual([1, 0.000001]);
  });
});
