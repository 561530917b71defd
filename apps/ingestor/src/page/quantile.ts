import { LATENCY_BUCKETS, type LatencyHistogram } from '@autotrader/connector-core';

/**
 * A quantile in seconds of what one histogram counted after another, between two bounds by its share, as Prometheus does it;
 * `undefined` when there was nothing. What is over the last bound counts as that.
 */
export function quantileBetween(
  quantile: number,
  now: LatencyHistogram,
  before: LatencyHistogram | undefined,
): number | undefined {
  const counts = Array.from(now.counts, (count, bucket) => count - (before?.counts[bucket] ?? 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (const [bucket, upper] of LATENCY_BUCKETS.entries()) {
    const count = counts[bucket] ?? 0;
    const lower = bucket === 0 ? 0 : (LATENCY_BUCKETS[bucket - 1] ?? 0);
    if (count > 0 && below + count >= rank) return lower + ((rank - below) / count) * (upper - lower);
    below += count;
  }
  return LATENCY_BUCKETS.at(-1);
}
