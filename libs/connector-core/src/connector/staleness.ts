import type { Micros } from '@autotrader/schemas';
import type { Subscription } from '../session/subscription.js';
import type { ConnectorStatus } from './events.js';

/** Says which live streams have been silent for longer than their rule allows, and which have spoken again. */
export function checkStaleness(
  subscriptions: Iterable<Subscription>,
  now: Micros,
  say: (status: ConnectorStatus) => void,
): void {
  for (const subscription of subscriptions) {
    const { source, rule, state } = subscription;
    const silentForMs = (now - subscription.lastReceivedAt) / 1000;
    const isStale = state === 'live' && silentForMs > rule.staleAfterMs;
    if (isStale === subscription.isStale) continue;
    subscription.isStale = isStale;
    say(isStale ? { type: 'stale', source, silentForMs } : { type: 'recovered', source });
  }
}
