/**
 * One clock for several processes of a machine: the system's monotonic timer (`process.hrtime`; on Linux
 * CLOCK_MONOTONIC), which all of them read alike, moved to the epoch by an offset that one of them chooses.
 * Microseconds.
 */
export function sharedClock(offset) {
  return () => monotonicMicros() + offset;
}

/** For `sharedClock`, here and in the processes to be compared. */
export function clockOffset() {
  return Math.floor(Date.now() * 1000 - monotonicMicros());
}

function monotonicMicros() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1000);
}
