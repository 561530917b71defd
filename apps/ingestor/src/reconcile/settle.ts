import type { ConnectorSnapshot } from '@autotrader/connector-core';
import type { SentCount } from '@autotrader/connector-core/testing';

const LOOK_EVERY_MS = 20;
/** So long without anything new means that nothing more will come. */
const QUIET_MS = 5_000;

/** Waits until the connectors have taken in as many events as were sent, or nothing more comes. */
export async function settle(
  sent: () => readonly Pick<SentCount, 'frames'>[],
  snapshots: () => readonly ConnectorSnapshot[],
): Promise<void> {
  let taken = -1;
  let lastChange = performance.now();
  for (;;) {
    const now = takenIn(snapshots());
    if (now >= sent().reduce((sum, { frames }) => sum + frames, 0)) return;
    if (now !== taken) {
      taken = now;
      lastChange = performance.now();
    } else if (performance.now() - lastChange > QUIET_MS) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Frames that became an event, were a repetition, or went to quarantine. */
function takenIn(snapshots: readonly ConnectorSnapshot[]): number {
  return snapshots.reduce(
    (sum, { streams, quarantined }) =>
      streams.reduce((inner, { events, duplicates }) => inner + events + duplicates, sum + quarantined),
    0,
  );
}
