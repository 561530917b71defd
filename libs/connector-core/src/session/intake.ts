import type { Depth, Gap, Micros, OHLCV, Tick } from '@autotrader/schemas';
import type { BatchBuffer } from '../batch/batch-buffer.js';
import type { Emitter } from '../connector/emitter.js';
import type { ConnectorEvents } from '../connector/events.js';
import { ParseError } from '../errors.js';
import type { LatencyHistogram } from '../metrics/latency-histogram.js';
import { gapOf, remainingGaps } from './gaps.js';
import type { Subscription } from './subscription.js';

/**
 * Where every event of a connector comes through: it is held against the ids before it, counted, handed to the
 * callbacks and written to the columns. Synchronous, and without an allocation of its own.
 */
export class Intake {
  /** Set once somebody pulls batches; before that nothing is buffered. */
  buffer: BatchBuffer | undefined;
  quarantined = 0;
  precisionLosses = 0;

  constructor(
    private readonly venue: string,
    private readonly emitter: Emitter<ConnectorEvents>,
    private readonly latency: LatencyHistogram,
    private readonly onQuarantine: ((reason: string, frame: Uint8Array) => void) | undefined,
  ) {}

  tick(subscription: Subscription, tick: Tick): void {
    const id = tick.sequenceId;
    if (!this.#admit(subscription, id, id, tick)) return;
    this.emitter.emit('tick', tick);
    this.buffer?.tick(subscription.index, tick);
  }

  depth(subscription: Subscription, depth: Depth): void {
    if (!this.#admit(subscription, depth.firstSequenceId ?? depth.sequenceId, depth.sequenceId, depth))
      return;
    this.emitter.emit('depth', depth);
    this.buffer?.depth(subscription.index, depth);
  }

  bar(subscription: Subscription, bar: OHLCV): void {
    if (!this.#admit(subscription, undefined, undefined, bar)) return;
    this.emitter.emit('bar', bar);
    this.buffer?.bar(bar);
  }

  gap(subscription: Subscription, gap: Gap): void {
    subscription.gaps++;
    this.emitter.emit('gap', gap);
    this.buffer?.gap(gap);
  }

  quarantine(reason: string, frame: Uint8Array, receivedAt: Micros): void {
    this.quarantined++;
    this.onQuarantine?.(reason, frame);
    // A frame is a slice of what the socket read: a copy does not hold on to the rest of it.
    const copy = Uint8Array.from(frame);
    this.emitter.emit('error', new ParseError(this.venue, reason, copy));
    this.buffer?.quarantine({ venue: this.venue, receivedAt, reason, frame: copy });
  }

  precisionLost(subscription: Subscription, text: string): void {
    this.precisionLosses++;
    if (subscription.hasPrecisionLoss) return;
    subscription.hasPrecisionLoss = true;
    this.emitter.emit('status', { type: 'precision_loss', source: subscription.source, text });
  }

  /** The time a stream was away from the venue has ended (or the stream was given up): it is a gap. */
  closeAbsence(subscription: Subscription, until: Micros): void {
    if (subscription.lostAt === 0) return;
    const fromTime = subscription.lostAt;
    subscription.lostAt = 0;
    this.gap(
      subscription,
      gapOf(subscription.source, { fromTime, toTime: until, cause: 'DISCONNECT' }, until),
    );
  }

  #admit(
    subscription: Subscription,
    first: number | undefined,
    last: number | undefined,
    event: { readonly timestamp: Micros; readonly receivedAt: Micros },
  ): boolean {
    const { timestamp, receivedAt } = event;
    subscription.lastReceivedAt = receivedAt;
    if (
      first !== undefined &&
      last !== undefined &&
      !this.#isNew(subscription, first, last, timestamp, receivedAt)
    ) {
      subscription.duplicates++;
      return false;
    }
    subscription.events++;
    if (timestamp > subscription.lastTimestamp) subscription.lastTimestamp = timestamp;
    if (timestamp !== receivedAt) this.latency.observe(receivedAt - timestamp);
    return true;
  }

  #isNew(
    subscription: Subscription,
    first: number,
    last: number,
    timestamp: Micros,
    receivedAt: Micros,
  ): boolean {
    if (subscription.rule.sequence === 'increasing') return isHigher(subscription, last);
    if (subscription.rule.sequence === 'none') return true;
    const fromTime = subscription.lastTimestamp;
    switch (subscription.continuity.observe(first, last, timestamp)) {
      case 'duplicate':
        return false;
      case 'jump':
        this.#gapBefore(subscription, first, timestamp, receivedAt);
        break;
      case 'fill':
        this.#fill(subscription, first, last, receivedAt);
        break;
      case 'reset': {
        const between = { fromTime, toTime: timestamp, cause: 'SEQUENCE_RESET' } as const;
        this.gap(subscription, gapOf(subscription.source, between, receivedAt));
        break;
      }
      case 'next':
        break;
    }
    subscription.lostAt = 0;
    return true;
  }

  #gapBefore(subscription: Subscription, first: number, timestamp: Micros, receivedAt: Micros): void {
    const hole = subscription.continuity.holes.at(-1);
    if (hole === undefined || hole.to !== first - 1 || hole.toTime !== timestamp) return;
    const cause = subscription.lostAt > 0 ? 'DISCONNECT' : 'SEQUENCE';
    this.gap(subscription, gapOf(subscription.source, { ...hole, cause }, receivedAt));
  }

  #fill(subscription: Subscription, first: number, last: number, receivedAt: Micros): void {
    for (const hole of subscription.continuity.fill(first, last)) {
      for (const gap of remainingGaps(subscription.source, hole, first, last, receivedAt))
        this.gap(subscription, gap);
    }
  }
}

/** In a rollover both connections send the same ids: only what goes further is new. */
function isHigher(subscription: Subscription, id: number): boolean {
  if (id <= subscription.highest && subscription.isOverlapping) return false;
  subscription.highest = id;
  return true;
}
