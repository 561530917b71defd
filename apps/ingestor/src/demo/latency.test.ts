import { expect, it } from '@jest/globals';
import { Latencies } from './latency.js';

it('gives percentiles of microseconds in milliseconds, each stream by itself', () => {
  const latencies = new Latencies();
  for (let micros = 1; micros <= 1000; micros++) latencies.record('a', micros);
  latencies.record('b', 7_000);
  expect(latencies.percentile('a', 50)).toBeCloseTo(0.5, 2);
  expect(latencies.percentile('a', 99)).toBeCloseTo(0.99, 2);
  expect(latencies.percentile('b', 50)).toBeCloseTo(7, 1);
});

it('knows nothing of a stream that has none', () => {
  expect(new Latencies().percentile('a', 50)).toBeUndefined();
});

it('takes a time that is negative, as clocks may say, for the least', () => {
  const latencies = new Latencies();
  latencies.record('a', -5);
  expect(latencies.percentile('a', 50)).toBe(0.001);
});
