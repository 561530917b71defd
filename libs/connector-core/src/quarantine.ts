import type { Micros } from '@autotrader/schemas';

/** A frame that is not what the venue documents, kept as it came. */
export interface QuarantinedFrame {
  readonly venue: string;
  /** Our clock when the frame came off the socket, microseconds since the epoch. */
  readonly receivedAt: Micros;
  /** What is wrong with it, in one line. */
  readonly reason: string;
  /** The bytes as they came. */
  readonly frame: Uint8Array;
}
