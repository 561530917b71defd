import type { Micros } from '@autotrader/schemas';

/** Where times come from: passed in, so that tests and replays decide what time it is. */
export interface Clock {
  /** What time it is: microseconds since the epoch, UTC. */
  now(): Micros;
  /** The receive time of a frame that has this moment come off the socket: called once a frame, in their order. */
  stampFrame(): Micros;
}

const RESYNC_AFTER_MS = 2;

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
  return { now, stampFrame: now };
}
