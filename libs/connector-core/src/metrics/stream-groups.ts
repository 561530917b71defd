import type { AssetClass, Micros } from '@autotrader/schemas';
import type { ConnectorSnapshot, StreamSnapshot } from '../connector/snapshot.js';
import type { SubscriptionState } from '../session/subscription.js';

/** All instruments of one stream and asset class at a venue, taken together: a scrape names no symbol. */
export interface StreamGroup {
  readonly venue: string;
  readonly stream: string;
  readonly assetClass: AssetClass;
  events: number;
  duplicates: number;
  gaps: number;
  healed: number;
  stale: number;
  /** Our clock at the last event of any of them, microseconds; 0 when none is subscribed any more. */
  lastReceivedAt: Micros;
  /** How many are in which state. */
  readonly states: Record<SubscriptionState, number>;
}

/** Goes through the streams once, however many there are. */
export function streamGroups(snapshots: readonly ConnectorSnapshot[]): readonly StreamGroup[] {
  const groups = new Map<string, StreamGroup>();
  for (const { venue, streams, left } of snapshots) {
    for (const one of streams) {
      const group = groupOf(groups, venue, one);
      count(group, one);
      if (one.isStale) group.stale++;
      if (one.lastReceivedAt > group.lastReceivedAt) group.lastReceivedAt = one.lastReceivedAt;
      group.states[one.state]++;
    }
    for (const one of left) count(groupOf(groups, venue, one), one);
  }
  return [...groups.values()];
}

type Counts = Pick<StreamSnapshot, 'events' | 'duplicates' | 'gaps' | 'healed'>;

function count(group: StreamGroup, { events, duplicates, gaps, healed }: Counts): void {
  group.events += events;
  group.duplicates += duplicates;
  group.gaps += gaps;
  group.healed += healed;
}

function groupOf(
  groups: Map<string, StreamGroup>,
  venue: string,
  { stream, assetClass }: Pick<StreamSnapshot, 'stream' | 'assetClass'>,
): StreamGroup {
  const key = `${venue} ${stream} ${assetClass}`;
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group: StreamGroup = {
    ...{
      venue,
      stream,
      assetClass,
      events: 0,
      duplicates: 0,
      gaps: 0,
      healed: 0,
      stale: 0,
      lastReceivedAt: 0,
    },
    states: { pending: 0, live: 0, lost: 0, rejected: 0 },
  };
  groups.set(key, group);
  return group;
}
