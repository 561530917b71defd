import type { Micros } from '@autotrader/schemas';

/** One message of a stream as it was received. */
export interface RecordedMessage {
  /** The recorder's clock when it came in, in microseconds since the epoch, UTC. */
  readonly receivedAt: Micros;
  /** `btcusdt@trade` */
  readonly stream: string;
  /** The JSON as recorded, combined wrapper included. */
  readonly text: string;
}

/** A book that the recorder fetched over REST in between. */
export interface RecordedSnapshot {
  /** The recorder's clock when it came in, in microseconds since the epoch, UTC. */
  readonly receivedAt: Micros;
  /** It came by no stream. */
  readonly stream: undefined;
  /** Whose book it is, in capitals: `BTCUSDT`. */
  readonly snapshotOf: string;
  /** The JSON as recorded: `{"lastUpdateId":…,"bids":[…],"asks":[…]}`. */
  readonly text: string;
}

/** One line of a recording. */
export type RecordedFrame = RecordedMessage | RecordedSnapshot;
