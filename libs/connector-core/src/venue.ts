import type { Session, SessionOutlet } from './session/session.js';
import type { StreamRule } from './session/subscription.js';
import type { Instrument } from './source.js';
import type { Transport } from './transport/transport.js';

/** What a venue allows on its connections. */
export interface VenueLimits {
  /** Messages we may send on one connection in any second. */
  readonly messagesPerSecond: number;
  /** Streams one connection may carry. */
  readonly streamsPerConnection: number;
  /** A connection is replaced, with overlap, before it is this old, in milliseconds. */
  readonly connectionLifetimeMs: number;
  /** Neither a frame nor a sign of life for this long: the connection is dead, in milliseconds. */
  readonly silenceMs: number;
  /** Longest wait for the venue to be there, and for an answer to a subscription, in milliseconds; 10,000 by default. */
  readonly answerWithinMs?: number;
}

/** What became of the symbols a user named. */
export interface ResolvedSymbols {
  readonly instruments: readonly Instrument[];
  /** Symbols the venue does not have, each with one line of why and what to do. */
  readonly rejected: readonly { readonly symbol: string; readonly reason: string }[];
}

/**
 * What a venue declares of itself; core makes it happen. A frame is what its wire hands on, a message what its session
 * sends: bytes and text of a socket, or the events and calls of a library.
 */
export interface Venue<Frame = unknown, Message = unknown> {
  /** In capitals, as it stands in events, rows and metrics. */
  readonly name: string;
  readonly limits: VenueLimits;
  /** Every stream the venue offers and how it behaves. */
  readonly streams: Readonly<Record<string, StreamRule>>;
  readonly transport: Transport<Frame, Message>;
  /** Each frame is bytes that say by themselves which stream of which instrument they are of, so that a kept one can be read again. */
  readonly hasSelfContainedFrames?: boolean;
  /**
   * Looks symbols up in the venue's own metadata, by the venue's name or the canonical one.
   * @throws TransportError, RateLimitedError when the venue cannot be asked just now.
   * @throws RejectedError when it refuses to be asked: wrong credentials, no rights.
   */
  resolve(symbols: readonly string[], signal: AbortSignal): Promise<ResolvedSymbols>;
  /** A new session for a new connection. */
  openSession(outlet: SessionOutlet<Message>): Session<Frame>;
}
