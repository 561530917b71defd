import type { ConnectorError } from '../errors.js';
import type { Subscription } from '../session/subscription.js';

/** What an open way to the venue tells of itself, in this order: open, then frames and signs of life, then closed. */
export interface WireListener<Frame> {
  /** The venue is there: it may be asked. Said once, if at all. */
  onOpen(): void;
  /** One frame, complete, as it came. */
  onFrame(frame: Frame): void;
  /** A sign of life that is no frame. */
  onAlive(): void;
  /**
   * It is over: nothing more is told. Said once, whoever ended it; after {@link Wire.close} too. An error that is not
   * retryable (no rights) stops the streams for good, a {@link RateLimitedError} says how long to wait.
   */
  onClosed(error: ConnectorError): void;
}

/** One open way to the venue. */
export interface Wire<Message> {
  readonly isPaused: boolean;
  send(message: Message): void;
  /** Reads nothing more until {@link resume}: what the venue sends meanwhile waits in buffers that are not ours. */
  pause(): void;
  resume(): void;
  /** Says goodbye: what the venue had sent before it heard of that is still handed on. */
  close(): void;
  /** Ends at once; does nothing when it is over. */
  terminate(): void;
}

/**
 * How a venue is reached: a socket, a stream of lines, a library that owns the protocol. Core never looks into a frame
 * or a message; they go between the wire and the session of one venue.
 */
export interface Transport<Frame, Message> {
  /** Where it connects to, for people: without a secret. */
  readonly address: string;
  /**
   * Whether an open connection takes further streams. Where it does not, since its request names them all, another one
   * with all of them takes over.
   */
  readonly isExtendable: boolean;
  /**
   * Opens a connection that begins with these streams; the listener is told of it later, never during this call.
   * @param withinMs longest wait for the venue to be there, in milliseconds.
   */
  open(
    listener: WireListener<Frame>,
    subscriptions: readonly Subscription[],
    withinMs: number,
  ): Wire<Message>;
  /** A frame as bytes, to be kept in quarantine. */
  bytesOf(frame: Frame): Uint8Array;
}
