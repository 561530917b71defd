import type { Subscription } from '../session/subscription.js';
import type { Lane } from './lane.js';

/** As many lanes as the streams need, each with no more streams than the venue allows on a connection. */
export class Lanes {
  readonly #lanes = new Set<Lane>();
  /** Lanes without streams, until their sockets are gone. */
  readonly #leaving = new Set<Promise<void>>();
  #isClosed = false;

  constructor(private readonly createLane: () => Lane) {}

  get size(): number {
    return this.#lanes.size;
  }

  /** Lanes on which the venue has agreed to every stream. */
  get live(): number {
    return [...this.#lanes].filter(({ isLive }) => isLive).length;
  }

  /** There are lanes, and the venue has agreed to everything. */
  get isLive(): boolean {
    return this.size > 0 && this.live === this.size;
  }

  /** Streams on all of them. */
  get streams(): number {
    return [...this.#lanes].reduce((sum, { subscriptions }) => sum + subscriptions.size, 0);
  }

  /** Whether this stream is on one of them. */
  carry(subscription: Subscription): boolean {
    return [...this.#lanes].some(({ subscriptions }) => subscriptions.has(subscription));
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    let rest = subscriptions;
    for (const lane of this.#lanes) rest = place(lane, rest);
    while (rest.length > 0 && !this.#isClosed) {
      const lane = this.createLane();
      this.#lanes.add(lane);
      rest = place(lane, rest);
    }
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    this.#remove(subscriptions, (lane, leaving) => lane.unsubscribe(leaving));
  }

  /** The venue refused these: they are not asked for again. */
  forget(subscriptions: readonly Subscription[]): void {
    this.#remove(subscriptions, (lane, refused) => lane.forget(refused));
  }

  pause(isPaused: boolean): void {
    for (const lane of this.#lanes) lane.pause(isPaused);
  }

  check(): void {
    for (const lane of this.#lanes) lane.check();
  }

  /** Ends them all, for good; resolves when no socket is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes) this.#close(lane);
    await Promise.all(this.#leaving);
  }

  #remove(
    subscriptions: readonly Subscription[],
    remove: (lane: Lane, theirs: readonly Subscription[]) => void,
  ): void {
    for (const lane of this.#lanes) {
      const theirs = subscriptions.filter((subscription) => lane.subscriptions.has(subscription));
      if (theirs.length === 0) continue;
      remove(lane, theirs);
      if (lane.subscriptions.size === 0) this.#close(lane);
    }
  }

  #close(lane: Lane): void {
    this.#lanes.delete(lane);
    const leaving = lane.close();
    this.#leaving.add(leaving);
    void leaving.then(() => this.#leaving.delete(leaving));
  }
}

/** Puts on the lane what fits; gives back the rest. */
function place(lane: Lane, subscriptions: readonly Subscription[]): readonly Subscription[] {
  const room = Math.max(0, lane.room);
  if (room > 0 && subscriptions.length > 0) lane.subscribe(subscriptions.slice(0, room));
  return subscriptions.slice(room);
}
