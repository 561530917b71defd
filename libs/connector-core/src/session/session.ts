import type { Depth, Micros, OHLCV, Tick } from '@autotrader/schemas';
import type { Subscription } from './subscription.js';

/**
 * What a venue makes of one connection: frames in, events and messages out. It is synchronous, does no I/O,
 * keeps no timer and never reads a clock, so a test drives it with bytes alone. Every connection gets a new
 * one, so state cannot leak from one to the next.
 */
export interface Session<Frame = unknown> {
  /** Asks the venue for these, by {@link SessionOutlet.send}; tells when it has agreed. */
  subscribe(subscriptions: readonly Subscription[]): void;
  /** Asks the venue to leave these off; frames of theirs that are still on their way are not errors. */
  unsubscribe(subscriptions: readonly Subscription[]): void;
  /** Takes one frame, as it came off the wire at `receivedAt` (our clock, microseconds). */
  receive(frame: Frame, receivedAt: Micros): void;
}

/** Where a session puts what it makes: core takes it from there. */
export interface SessionOutlet<Message = unknown> {
  tick(subscription: Subscription, tick: Tick): void;
  depth(subscription: Subscription, depth: Depth): void;
  bar(subscription: Subscription, bar: OHLCV): void;
  /** Queues a message for the venue; core keeps to the venue's limit of messages. */
  send(message: Message): void;
  /** The venue agreed to these: for the first time, or again after {@link interrupted}. */
  acknowledged(subscriptions: readonly Subscription[]): void;
  /** The venue refused these for good. */
  rejected(subscriptions: readonly Subscription[], reason: string): void;
  /**
   * The connection stands, but nothing has come through it for these since then (our clock, microseconds), and nothing
   * will until they are acknowledged again: the time between is a gap.
   */
  interrupted(subscriptions: readonly Subscription[], since: Micros, reason: string): void;
  /** The venue agreed to less than was asked for (delayed data, a slower feed): one line of what, why, what to do. */
  degraded(subscription: Subscription, reason: string): void;
  /** This frame is not what the venue documents: it is kept with its reason, the stream goes on. */
  quarantine(reason: string, frame: Uint8Array, receivedAt: Micros): void;
  /** A number of this frame has more digits than a double keeps. */
  precisionLost(subscription: Subscription, text: string): void;
  /** The venue will end this connection soon: a new one takes over before. */
  rollOver(reason: string): void;
  /** This connection is of no use any more; it is closed and made anew after a wait. */
  fail(reason: string): void;
}
