import type { Micros } from '@autotrader/schemas';
import type { LatencyHistogram } from '../metrics/latency-histogram.js';
import type { Intake } from '../session/intake.js';
import type { Subscription, SubscriptionState } from '../session/subscription.js';
import type { Source } from '../source.js';

/** How one stream of one instrument stands. */
export interface StreamSnapshot extends Source {
  readonly state: SubscriptionState;
  readonly isStale: boolean;
  readonly events: number;
  readonly duplicates: number;
  readonly gaps: number;
  /** Our clock at its last event, microseconds. */
  readonly lastReceivedAt: Micros;
}

/** How a connector stands; all counts are since it was made. */
export interface ConnectorSnapshot {
  readonly venue: string;
  /** Every connection it needs is there and every stream is agreed to. */
  readonly isLive: boolean;
  /** Nothing is read from the venue, since the consumer of the batches is behind. */
  readonly isPaused: boolean;
  readonly connections: number;
  readonly reconnects: number;
  readonly quarantined: number;
  readonly precisionLosses: number;
  readonly callbackErrors: number;
  readonly bufferedRows: number;
  readonly latency: LatencyHistogram;
  readonly streams: readonly StreamSnapshot[];
}

interface ConnectorState {
  readonly venue: string;
  readonly subscriptions: readonly Subscription[];
  readonly lanes: readonly { readonly isLive: boolean }[];
  readonly intake: Intake;
  readonly latency: LatencyHistogram;
  readonly reconnects: number;
  readonly callbackErrors: number;
  readonly bufferedRows: number;
  readonly isPaused: boolean;
}

/** Reads a connector's state into something that will not change any more. */
export function snapshotOf(connector: ConnectorState): ConnectorSnapshot {
  const { subscriptions, lanes, intake, ...rest } = connector;
  return {
    ...rest,
    isLive: lanes.length > 0 && lanes.every((lane) => lane.isLive),
    connections: lanes.filter((lane) => lane.isLive).length,
    quarantined: intake.quarantined,
    precisionLosses: intake.precisionLosses,
    streams: subscriptions.map(({ source, state, isStale, events, duplicates, gaps, lastReceivedAt }) => ({
      ...source,
      ...{ state, isStale, events, duplicates, gaps, lastReceivedAt },
    })),
  };
}
