import type { Micros } from '@autotrader/schemas';

/** Tells how long a venue has been silent. A frame costs it one assignment: clocks are read when it is checked. */
export class Silence {
  #wasHeard = false;
  #heardAt = performance.now();
  #checkedAt: Micros;
  #aliveAt: Micros;
  #isDeaf = false;
  #deafSince: Micros | undefined;

  constructor(now: Micros) {
    this.#checkedAt = now;
    this.#aliveAt = now;
  }

  /** A time at which the venue was certainly alive, by our clock, microseconds; at most two checks too early. */
  get aliveAt(): Micros {
    return this.#aliveAt;
  }

  /**
   * Since when nothing was read, by our clock, microseconds: what comes from then on may have waited, so its receive
   * time tells nothing of when the venue was there. `undefined` once reading has kept up from one check to the next.
   */
  get deafSince(): Micros | undefined {
    return this.#deafSince;
  }

  /** A frame or a ping came. */
  heard(): void {
    this.#wasHeard = true;
  }

  /** Nothing is read from now on, or it is read again; silence counts from when we listen. */
  listen(isListening: boolean, now: Micros): void {
    this.#isDeaf = !isListening;
    this.#heardAt = performance.now();
    if (!isListening) this.#deafSince ??= now;
    else this.#checkedAt = NaN;
  }

  /** How long nothing has come while we listened, in milliseconds; `now` is our clock. */
  check(now: Micros): number {
    if (this.#isDeaf) return 0;
    const at = performance.now();
    const hasListened = !Number.isNaN(this.#checkedAt);
    if (hasListened) this.#deafSince = undefined;
    if (this.#wasHeard) {
      this.#wasHeard = false;
      this.#heardAt = at;
      if (hasListened) this.#aliveAt = this.#checkedAt;
    }
    this.#checkedAt = now;
    return at - this.#heardAt;
  }
}
