import type { Micros } from '@autotrader/schemas';
import type { Subscription } from '../session/subscription.js';
import type { ConnectorStatus } from './events.js';

/**
 * Says which live streams have been silent for longer than their rule allows, counted from when they could first
 * speak (`readingSince`: since when we read what the venue sends), and which have spoken again.
 */
export function checkStaleness(
  subscriptions: Iterable<Subscription>,
  now: Micros,
  readingSince: Micros,
  say: (status: ConnectorStatus) => void,
): void {
  for (const subscription of subscriptions) {
    const { source, rule, state, lastReceivedAt, liveSince } = subscription;
    const msSince = (time: Micros): number => (now - time) / 1000;
    const silentForMs = msSince(Math.max(lastReceivedAt, liveSince, readingSince));
    if (!subscription.isStale && state === 'live' && silentForMs > rule.staleAfterMs) {
      subscription.isStale = true;
      say({ type: 'stale', source, silentForMs });
    } else if (subscription.isStale && msSince(lastReceivedAt) <= rule.staleAfterMs) {
      subscription.isStale = false;
      say({ type: 'recovered', source });
    }
  }
}
