import { BarKeeper } from './bars/bar-keeper.js';
import type { StorageMetrics } from './metrics.js';
import type { Connection } from './server/connection.js';
import type { StorageOptions } from './storage.js';

/** Who computes the bars of a storage; nobody where they are not wanted. */
export function barKeeper(
  { client, database }: Connection,
  { bars = true, barThrottleMs: throttleMs }: StorageOptions,
  metrics: StorageMetrics,
  signal: AbortSignal | undefined,
): BarKeeper | undefined {
  if (!bars) return undefined;
  return new BarKeeper(
    { client, database, signal },
    { throttleMs, onRetry: () => metrics.barsFailed(), onRound: (seconds) => metrics.barsRefreshed(seconds) },
  );
}
