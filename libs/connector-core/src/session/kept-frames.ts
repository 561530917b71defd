import type { Micros } from '@autotrader/schemas';
import { RejectedError } from '../errors.js';
import type { SubscriptionList } from '../connector/subscription-list.js';
import type { Instrument } from '../source.js';
import type { Venue } from '../venue.js';
import type { Intake } from './intake.js';
import type { SessionOutlet } from './session.js';

/** A frame that was kept because it could not be read. */
export interface KeptFrame {
  /** Our clock when it came in, microseconds. */
  readonly receivedAt: Micros;
  readonly frame: Uint8Array;
}

/** What became of frames that were read again. */
export interface RereadResult {
  /** Frames that say something now. */
  readonly read: number;
  /** Frames that still cannot be read, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Where frames are read again, and where their events go. */
export interface RereadContext {
  readonly venue: Venue;
  readonly streams: readonly string[];
  readonly instruments: readonly Instrument[];
  readonly subscriptions: SubscriptionList;
  readonly intake: Intake;
  readonly now: Micros;
}

/**
 * Reads kept frames as a connection would, through a session of the venue that is connected to nothing. Their ids are not followed: what is
 * stored already is known by its identity.
 * @throws RejectedError when the venue's frames do not say by themselves what they are of.
 */
export async function rereadFrames(
  frames: AsyncIterable<KeptFrame> | Iterable<KeptFrame>,
  { venue, streams, instruments, subscriptions, intake, now }: RereadContext,
): Promise<RereadResult> {
  if (venue.hasSelfContainedFrames !== true)
    throw new RejectedError(
      venue.name,
      'what it sends does not say which instrument it is of: kept messages cannot be read again',
    );
  const refused = new Map<string, number>();
  const nothing = (): void => undefined;
  const outlet: SessionOutlet = {
    tick: (subscription, tick) => intake.tick(subscription, tick),
    depth: (subscription, depth) => intake.depth(subscription, depth),
    bar: (subscription, bar) => intake.bar(subscription, bar),
    precisionLost: (subscription, text) => intake.precisionLost(subscription, text),
    quarantine: (reason) => void refused.set(reason, (refused.get(reason) ?? 0) + 1),
    ...{ send: nothing, acknowledged: nothing, rejected: nothing, interrupted: nothing },
    ...{ degraded: nothing, rollOver: nothing, fail: nothing },
  };
  const session = venue.openSession(outlet);
  const rule = { sequence: 'none', staleAfterMs: Infinity } as const;
  session.subscribe(
    instruments.flatMap((instrument) =>
      streams.map((stream) => subscriptions.add({ venue: venue.name, ...instrument, stream }, rule, now)),
    ),
  );
  let count = 0;
  for await (const { frame, receivedAt } of frames) {
    count++;
    session.receive(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength), receivedAt);
  }
  const failed = [...refused.values()].reduce((sum, times) => sum + times, 0);
  return { read: count - failed, refused };
}
