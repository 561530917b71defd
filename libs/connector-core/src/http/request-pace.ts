import { setTimeout as delay } from 'node:timers/promises';

/** How often a host may be asked. */
export interface RequestPaceOptions {
  /** So many requests... */
  readonly most: number;
  /** ...within any span of so many milliseconds. */
  readonly withinMs: number;
  /** A clock that never goes back, milliseconds; passed in so that tests decide. */
  readonly now?: () => number;
  /** Waits so many milliseconds; rejects when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Spaces the requests to one host, whoever makes them; all who ask the host share one. */
export class RequestPace {
  readonly #times: number[] = [];
  readonly #now: () => number;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
  #heldUntil = -Infinity;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws RangeError when it allows nothing. */
  constructor(private readonly options: RequestPaceOptions) {
    const { most, withinMs } = options;
    if (!Number.isInteger(most) || most < 1 || !(withinMs >= 0))
      throw new RangeError(`a pace is 1 or more requests in 0 ms or more, not ${most} in ${withinMs} ms`);
    this.#now = options.now ?? (() => performance.now());
    this.#wait = options.wait ?? ((ms, signal) => delay(ms, undefined, { signal }));
  }

  /** Seconds that this many requests take at the least, the first at once. */
  secondsFor(requests: number): number {
    const { most, withinMs } = this.options;
    return (Math.floor(Math.max(0, requests - 1) / most) * withinMs) / 1000;
  }

  /**
   * Resolves when the next request may be sent; in the order of the calls.
   * @throws the signal's reason when it is aborted before.
   */
  async take(signal: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#turn(signal));
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  /** The host asks for patience: nobody asks it for so many milliseconds. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + ms);
  }

  async #turn(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = this.#freeAt() - this.#now();
      if (waitMs <= 0) break;
      await this.#wait(waitMs, signal);
    }
    this.#times.push(this.#now());
    if (this.#times.length > this.options.most) this.#times.shift();
  }

  #freeAt(): number {
    const { most, withinMs } = this.options;
    const first = this.#times.length < most ? undefined : this.#times[0];
    return Math.max(this.#heldUntil, first === undefined ? -Infinity : first + withinMs);
  }
}
