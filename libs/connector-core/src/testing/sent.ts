import type { Depth, Micros, OHLCV, Tick } from '@autotrader/schemas';

/** What a simulator sent on one stream of one instrument to at least one subscriber. */
export interface SentCount {
  readonly venueSymbol: string;
  /** As it stands in the events: `trade`, `quote`. */
  readonly stream: string;
  /** Distinct events. */
  readonly events: number;
  /** Messages, an event that was sent twice counting each time. */
  readonly frames: number;
}

/** The truth that a recorder is held against. */
export interface SentTruth {
  /** Every stream on which something was sent. */
  counts(): readonly SentCount[];
  /** When this event left the simulator, microseconds by its clock; `undefined` of one it does not remember. */
  sentAt(event: Tick | Depth | OHLCV): Micros | undefined;
}
