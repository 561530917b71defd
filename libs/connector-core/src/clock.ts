import type { Micros } from '@autotrader/schemas';

/** Where times come from: passed in, so that tests and replays decide what time it is. */
export interface Clock {
  /** What time it is: microseconds since the epoch, UTC. */
  now(): Micros;
  /**
   * The receive time of a frame that has this moment come off the socket: called once a frame, in their order. Frames of
   * one microsecond get times of their own, for some venues tell events apart by nothing else.
   */
  stampFrame(): Micros;
}

const RESYNC_AFTER_MS = 2;
/** A clock that was set back by more than this is followed; less are frames that came at once. */
const MOST_AHEAD_MICROS = 1_000;

/**
 * The wall clock with microsecond resolution: the monotonic timer, set right against the system's clock
 * whenever the two differ by more than 2 ms (the system's clock alone ticks in milliseconds).
 */
export function systemClock(): Clock {
  let offsetMs = performance.timeOrigin;
  const now = (): Micros => {
    const monotonic = performance.now();
    const wall = Date.now();
    const drift = wall - (offsetMs + monotonic);
    if (drift > RESYNC_AFTER_MS || drift < -RESYNC_AFTER_MS) offsetMs = wall - monotonic;
    return Math.floor((offsetMs + monotonic) * 1000);
  };
  let last: Micros = 0;
  const stampFrame = (): Micros => {
    const time = now();
    last = time <= last && time > last - MOST_AHEAD_MICROS ? last + 1 : time;
    return last;
  };
  return { now, stampFrame };
}
