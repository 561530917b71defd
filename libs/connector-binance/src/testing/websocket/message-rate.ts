const WINDOW_MS = 1000;

/** Counts what a client sends: so many in any one second, no more. */
export class MessageRate {
  #times: number[] = [];

  constructor(private readonly perSecond: number) {}

  /** Takes one more message, at a time in milliseconds of any monotonic clock; false when it is one too many. */
  admit(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < WINDOW_MS);
    this.#times.push(now);
    return this.#times.length <= this.perSecond;
  }
}
