/**
 * When a tick-by-tick request may be sent: the venue takes one for an instrument in so long, on whatever connection.
 * https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/#tick-by-tick
 */
export class TickByTickPacing {
  readonly #nextAt = new Map<number, number>();

  constructor(private readonly everyMs: number) {}

  /** Takes the next turn of a contract. @returns how long until then, in milliseconds; `now` is a clock that only grows. */
  take(conId: number, now: number): number {
    const at = Math.max(now, this.#nextAt.get(conId) ?? 0);
    this.#nextAt.set(conId, at + this.everyMs);
    return at - now;
  }
}
