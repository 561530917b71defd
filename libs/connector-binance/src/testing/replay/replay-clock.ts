import type { Clock } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';

const FIRST_ROOM = 1024;

/**
 * Gives the receiving side of a replay the recording's own receive times: the simulator pushes a time for each
 * text message it sends (`simulator.onFrame((time) => clock.push(time))`, before the receiver connects), the receiver
 * asks once for each text message it gets, in the same order. So two replays
 * stamp every message alike, whatever the machine was doing. Good for one connection.
 */
export class ReplayClock implements Clock {
  #times = new Float64Array(FIRST_ROOM);
  #first = 0;
  #length = 0;
  #last: Micros;
  #latestPushed: Micros;

  /** @param start what it is before the first message, in microseconds since the epoch. */
  constructor(start: Micros = 0) {
    this.#last = start;
    this.#latestPushed = start;
  }

  /** Times that were pushed and not asked for yet. */
  get pending(): number {
    return this.#length;
  }

  /** Takes the receive time of a message that was sent; undefined means the same as the message before. */
  push(receivedAt: Micros | undefined): void {
    const time = receivedAt ?? this.#latestPushed;
    this.#latestPushed = time;
    if (this.#length === this.#times.length) this.#widen();
    this.#times[(this.#first + this.#length) % this.#times.length] = time;
    this.#length += 1;
  }

  /** The receive time of the latest message that was stamped. */
  now(): Micros {
    return this.#last;
  }

  /** The receive time of the next message; once there is none, that of the last one. */
  stampFrame(): Micros {
    if (this.#length === 0) return this.#last;
    this.#last = this.#times[this.#first] ?? this.#last;
    this.#first = (this.#first + 1) % this.#times.length;
    this.#length -= 1;
    return this.#last;
  }

  #widen(): void {
    const wider = new Float64Array(this.#times.length * 2);
    wider.set(this.#times.subarray(this.#first));
    wider.set(this.#times.subarray(0, this.#first), this.#times.length - this.#first);
    [this.#times, this.#first] = [wider, 0];
  }
}
