import type { Micros } from '@autotrader/schemas';
import type { ConnectorErrorKind } from '../errors.js';
import type { LatencyHistogram } from '../metrics/latency-histogram.js';
import type { Intake } from '../session/intake.js';
import type { Subscription, SubscriptionState } from '../session/subscription.js';
import type { Source } from '../source.js';
import type { Feed } from './feed.js';
import type { StreamTotals } from './subscription-list.js';

/** How one stream of one instrument stands. */
export interface StreamSnapshot extends Source {
  readonly state: SubscriptionState;
  readonly isStale: boolean;
  readonly events: number;
  readonly duplicates: number;
  /** Holes that were found. */
  readonly gaps: number;
  /** Of these, those of which nothing is missing any more. */
  readonly healed: number;
  /** Our clock at its last event, microseconds. */
  readonly lastReceivedAt: Micros;
}

/** How a connector stands; all counts are since it was made, and none goes down. */
export interface ConnectorSnapshot {
  readonly venue: string;
  /** Every connection it needs is there and every stream is agreed to. */
  readonly isLive: boolean;
  /** Nothing is read from the venue, since the consumer of the batches is behind. */
  readonly isPaused: boolean;
  readonly connections: number;
  readonly reconnects: number;
  /** How often something went wrong, by kind. */
  readonly errors: Readonly<Record<ConnectorErrorKind, number>>;
  /** Events of the venue, those that had come before among them, by type. */
  readonly received: Readonly<Record<'tick' | 'depth' | 'bar', number>>;
  readonly quarantined: number;
  readonly precisionLosses: number;
  readonly callbackErrors: number;
  readonly bufferedRows: number;
  readonly latency: LatencyHistogram;
  readonly streams: readonly StreamSnapshot[];
  /** Counts of what was unsubscribed, by stream and asset class; not in `streams` any more. */
  readonly left: readonly StreamTotals[];
}

interface ConnectorState {
  readonly venue: string;
  readonly feed: Feed;
  readonly intake: Intake;
  readonly latency: LatencyHistogram;
  readonly callbackErrors: number;
  readonly bufferedRows: number;
}

/** Reads a connector's state into something that will not change any more. */
export function snapshotOf(connector: ConnectorState): ConnectorSnapshot {
  const { feed, intake, latency, ...rest } = connector;
  const streams = [...feed.subscriptions].map(streamSnapshotOf);
  const { left } = feed.subscriptions;
  const gaps = [...streams, ...left].reduce((sum, stream) => sum + stream.gaps, 0);
  return {
    ...rest,
    isLive: feed.lanes.isLive,
    isPaused: feed.isPaused,
    connections: feed.lanes.live,
    reconnects: feed.reconnects,
    errors: { ...feed.errors, parse: intake.quarantined, sequence_gap: gaps },
    received: { ...intake.received },
    quarantined: intake.quarantined,
    precisionLosses: intake.precisionLosses,
    latency: latency.copy(),
    streams,
    left,
  };
}

/** Field by field: a connector may have thousands, and this is asked for at each scrape. */
function streamSnapshotOf(subscription: Subscription): StreamSnapshot {
  const { source } = subscription;
  return {
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    state: subscription.state,
    isStale: subscription.isStale,
    events: subscription.events,
    duplicates: subscription.duplicates,
    gaps: subscription.gaps,
    healed: subscription.healed,
    lastReceivedAt: subscription.lastReceivedAt,
  };
}
