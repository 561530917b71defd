import { BATCH_CHECKS } from './checks/batches.js';
import { EVENT_CHECKS } from './checks/events.js';
import { FAULT_CHECKS } from './checks/faults.js';
import { LIFECYCLE_CHECKS } from './checks/lifecycle.js';
import { Trial } from './trial.js';
import type { ConformanceSimulator, ConformanceVenue } from './venue.js';

const CHECKS = [...EVENT_CHECKS, ...FAULT_CHECKS, ...LIFECYCLE_CHECKS, ...BATCH_CHECKS];

/** What {@link connectorConformance} needs. */
export interface ConformanceOptions<Stream extends string, Simulator extends ConformanceSimulator> {
  /** Registers a test: `it` of jest, vitest or node:test. A check fails by rejecting with an AssertionError. */
  readonly it: (name: string, check: () => Promise<void>) => unknown;
  /** The venue, and its simulator. */
  readonly venue: ConformanceVenue<Stream, Simulator>;
}

/**
 * Registers the checks that every connector must pass, each on a simulator of its own. Checks of ids are left out for
 * a stream whose ids are not contiguous, those of a takeover where the venue allows none.
 *
 * @example
 * describe('the Binance connector', () => connectorConformance({ it, venue: binanceConformance }));
 */
export function connectorConformance<Stream extends string, Simulator extends ConformanceSimulator>({
  it,
  venue,
}: ConformanceOptions<Stream, Simulator>): void {
  CHECKS.forEach((check, index) => {
    if (check.needsContiguousIds === true && venue.sequence !== 'contiguous') return;
    if (check.needsRollover === true && venue.rollsOver === false) return;
    const number = String(index + 1).padStart(2, '0');
    it(`${number} ${check.name}`, () => Trial.run(venue, (trial) => check.run(trial)));
  });
}
