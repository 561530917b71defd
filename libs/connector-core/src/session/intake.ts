import type { Depth, Micros, OHLCV, Tick } from '@autotrader/schemas';
import type { BatchBuffer } from '../batch/batch-buffer.js';
import type { Emitter } from '../connector/emitter.js';
import type { ConnectorEvents } from '../connector/events.js';
import { ParseError } from '../errors.js';
import type { LatencyHistogram } from '../metrics/latency-histogram.js';
import { gapOf, type Missing, partsOf } from './gaps.js';
import type { Subscription } from './subscription.js';

/**
 * Where every event of a connector comes through: it is held against the ids before it, counted, handed to the
 * callbacks and written to the columns. Synchronous, and without an allocation of its own.
 */
export class Intake {
  /** Set once somebody pulls batches; before that nothing is buffered. */
  buffer: BatchBuffer | undefined;
  /** Events of the venue, those that had come before among them, by type. */
  readonly received = { tick: 0, depth: 0, bar: 0 };
  quarantined = 0;
  precisionLosses = 0;

  constructor(
    private readonly venue: string,
    private readonly emitter: Emitter<ConnectorEvents>,
    private readonly latency: LatencyHistogram,
    private readonly onQuarantine: ((reason: string, frame: Uint8Array) => void) | undefined,
  ) {}

  tick(subscription: Subscription, tick: Tick): void {
    this.received.tick++;
    const id = tick.sequenceId;
    if (!this.#admit(subscription, id, id, tick)) return;
    this.emitter.emit('tick', tick);
    this.buffer?.tick(subscription.index, tick);
  }

  depth(subscription: Subscription, depth: Depth): void {
    this.received.depth++;
    if (!this.#admit(subscription, depth.firstSequenceId ?? depth.sequenceId, depth.sequenceId, depth))
      return;
    this.emitter.emit('depth', depth);
    this.buffer?.depth(subscription.index, depth);
  }

  bar(subscription: Subscription, bar: OHLCV): void {
    this.received.bar++;
    if (this.#admit(subscription, undefined, undefined, bar)) this.addBar(bar);
  }

  /** A bar that came by no subscription: of a venue's history. */
  addBar(bar: OHLCV): void {
    this.emitter.emit('bar', bar);
    this.buffer?.bar(bar);
  }

  quarantine(reason: string, frame: Uint8Array, receivedAt: Micros): void {
    this.quarantined++;
    const { onQuarantine } = this;
    if (onQuarantine !== undefined) this.emitter.guard(() => onQuarantine(reason, frame), undefined);
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

  /** The time a stream was away from the venue is a gap: until the venue agreed again, or until now if it has not. */
  closeAbsence(subscription: Subscription, now: Micros): void {
    if (subscription.lostAt === 0) return;
    const fromTime = subscription.lostAt;
    subscription.lostAt = 0;
    const toTime = subscription.state === 'live' ? subscription.liveSince : now;
    this.#gap(subscription, { fromTime, toTime, cause: 'DISCONNECT' }, now);
  }

  #admit(
    subscription: Subscription,
    first: number | undefined,
    last: number | undefined,
    event: { readonly timestamp: Micros; readonly receivedAt: Micros },
  ): boolean {
    const { timestamp, receivedAt } = event;
    subscription.lastReceivedAt = receivedAt;
    const isNew =
      first !== undefined && last !== undefined && subscription.rule.sequence === 'contiguous'
        ? this.#isNew(subscription, first, last, timestamp, receivedAt)
        : goesFurther(subscription, last, timestamp, receivedAt);
    if (!isNew) {
      subscription.duplicates++;
      return false;
    }
    subscription.events++;
    if (timestamp > subscription.lastTimestamp) subscription.lastTimestamp = timestamp;
    if (timestamp !== receivedAt) this.latency.observe(receivedAt - timestamp, receivedAt);
    return true;
  }

  #isNew(
    subscription: Subscription,
    first: number,
    last: number,
    timestamp: Micros,
    receivedAt: Micros,
  ): boolean {
    const { continuity, lastTimestamp } = subscription;
    const cause = subscription.lostAt > 0 ? 'DISCONNECT' : 'SEQUENCE';
    const continuation = continuity.observe(first, last, timestamp, cause);
    if (continuation === 'duplicate') return false;
    if (continuation === 'fill') {
      this.#fill(subscription, first, last, receivedAt);
      return true;
    }
    subscription.lostAt = 0;
    if (continuation === 'jump') {
      const hole = continuity.holes.at(-1);
      if (hole !== undefined) this.#gap(subscription, hole, receivedAt);
    } else if (continuation === 'reset') {
      const between = { fromTime: lastTimestamp, toTime: timestamp, cause: 'SEQUENCE_RESET' } as const;
      this.#gap(subscription, between, receivedAt);
    }
    return true;
  }

  #fill(subscription: Subscription, first: number, last: number, receivedAt: Micros): void {
    for (const hole of subscription.continuity.fill(first, last)) {
      const parts = partsOf(hole, first, last);
      for (const part of parts)
        this.#gap(subscription, part.isMissing ? part : { ...part, healedAt: receivedAt }, receivedAt, true);
      const missing = parts.filter(({ isMissing }) => isMissing).length;
      if (missing === 0) subscription.healed++;
      else subscription.gaps += missing - 1;
    }
  }

  #gap(subscription: Subscription, missing: Missing, receivedAt: Micros, isRepair = false): void {
    const at = Math.max(receivedAt, subscription.lastGapAt);
    subscription.lastGapAt = at;
    if (!isRepair) subscription.gaps++;
    const gap = gapOf(subscription.source, missing, at);
    this.emitter.emit('gap', gap);
    this.buffer?.gap(gap, isRepair);
  }
}

/** What one connection sent comes by another within this time, or it is something new, microseconds. */
const MOST_BEHIND_MICROS = 10_000_000;

/** In a rollover both connections send the same events: only what goes further is new. */
function goesFurther(
  subscription: Subscription,
  id: number | undefined,
  timestamp: Micros,
  receivedAt: Micros,
): boolean {
  const { rule, overlap, overlapEndedAt } = subscription;
  if (rule.sequence === 'time') return timestamp > subscription.lastTimestamp;
  const hasId = id !== undefined && rule.sequence === 'increasing';
  if (overlap !== 'none') {
    const isFurther = hasId ? id > subscription.highest : timestamp > subscription.lastTimestamp;
    const isOver = overlap === 'ending' && (isFurther || receivedAt - overlapEndedAt > MOST_BEHIND_MICROS);
    if (isOver) subscription.overlap = 'none';
    else if (!isFurther) return false;
  }
  if (hasId) subscription.highest = id;
  return true;
}
