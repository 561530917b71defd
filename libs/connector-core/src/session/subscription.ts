import type { Micros } from '@autotrader/schemas';
import type { Source } from '../source.js';
import { Continuity } from './continuity.js';

/** How a venue numbers a stream, and how long it may be silent. */
export interface StreamRule {
  /**
   * `contiguous`: every id follows the one before, so a jump is a gap · `increasing`: ids grow but say nothing
   * of what is missing · `time`: no ids, but each event has a later time than the one before, so the time tells a
   * repetition · `none`: neither. Where a jump says nothing, the time away from the venue is the gap.
   * When one connection takes over from another, what both sent is told by the ids; without ids, by the time.
   */
  readonly sequence: 'contiguous' | 'increasing' | 'time' | 'none';
  /** Subscribed and silent for longer than this is an alarm, in milliseconds. */
  readonly staleAfterMs: number;
}

/** `pending`: asked for · `live`: the venue said yes · `lost`: its connection is gone · `rejected`: the venue said no. */
export type SubscriptionState = 'pending' | 'live' | 'lost' | 'rejected';

/** Where a stream stood when its last event was recorded, in an earlier life of the process. */
export interface StreamPosition {
  /** The venue's id of that event, where it has one. */
  readonly sequenceId?: number | undefined;
  /** Time of that event, microseconds. */
  readonly timestamp: Micros;
  /** Our clock when it came in, microseconds. */
  readonly receivedAt: Micros;
}

/** One stream of one instrument, from the day it is subscribed; it outlives connections. */
export class Subscription {
  state: SubscriptionState = 'pending';
  /** Why the venue said no; empty unless it did. */
  rejection = '';
  isStale = false;
  /**
   * `both`: two connections carry it just now (a planned rollover), so every event comes twice · `ending`: the old one
   * is gone, and what it had sent may still come by the new one.
   */
  overlap: 'none' | 'both' | 'ending' = 'none';
  /** Our clock at the last event before the old connection was gone, microseconds. */
  overlapEndedAt: Micros = 0;
  /** Our clock when the venue last agreed to it, microseconds; 0 before that. */
  liveSince: Micros = 0;
  events = 0;
  duplicates = 0;
  /** Holes that were found; with those that one comes apart into. */
  gaps = 0;
  /** Holes of these of which nothing is missing any more. */
  healed = 0;
  /** Our clock at the last event (at the subscription before the first), microseconds. */
  lastReceivedAt: Micros;
  /** Time of the last event, microseconds; 0 before the first. */
  lastTimestamp: Micros = 0;
  /**
   * Since when the venue could not reach us, microseconds; 0 when nothing can be missing. A `contiguous` stream
   * keeps it until its next event, whose id tells what was missed; the others until the venue agrees again.
   */
  lostAt: Micros = 0;
  /** Our clock at its last gap event, microseconds: a later row replaces an earlier one, so they never step back. */
  lastGapAt: Micros = 0;
  hasPrecisionLoss = false;
  /** Highest id of an `increasing` stream; -1 before the first. */
  highest = -1;
  readonly continuity = new Continuity();

  constructor(
    /** Place in the connector's list of sources; what the columns call `source`. */
    readonly index: number,
    readonly source: Source,
    readonly rule: StreamRule,
    now: Micros,
  ) {
    this.lastReceivedAt = now;
  }

  /** Goes on where an earlier life of the process ended: what was missed since is a gap. */
  resume({ sequenceId, timestamp, receivedAt }: StreamPosition): void {
    this.lastTimestamp = timestamp;
    this.lostAt = receivedAt;
    if (sequenceId !== undefined && this.rule.sequence === 'contiguous')
      this.continuity.resume(sequenceId, timestamp);
  }
}
