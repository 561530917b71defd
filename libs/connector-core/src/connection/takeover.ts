import type { Subscription } from '../session/subscription.js';
import type { Connection } from './connection.js';
import type { EventOutlet } from './event-outlet.js';
import { HeldEvents } from './held-events.js';

/**
 * A new connection taking over from an old one without a loss and without a double: what the new one sends is held
 * until the old one, asked to end, has sent its last; then it follows, less what both have sent.
 */
export class Takeover {
  readonly #next: Connection;
  readonly #held: HeldEvents;
  #old: Connection | undefined;
  #overlap: Subscription['overlap'] = 'none';
  #isFinished = false;

  constructor(
    readonly reason: string,
    /** The streams both carry, as they stand at any time. */
    private readonly subscriptions: ReadonlySet<Subscription>,
    events: EventOutlet,
    open: (events: EventOutlet) => Connection,
  ) {
    this.#held = new HeldEvents(events, () => this.release());
    this.#next = open(this.#held.outlet);
  }

  /** The new connection, as long as it has not taken over. */
  get waiting(): Connection | undefined {
    return this.#old === undefined ? this.#next : undefined;
  }

  /** The one of the two that the lane does not hold as its current one. */
  get other(): Connection {
    return this.#old ?? this.#next;
  }

  /** Streams that are new to both connections. */
  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) subscription.overlap = this.#overlap;
    this.waiting?.subscribe(subscriptions);
  }

  /** Ends the old connection; resolves when it is gone and the new one's events have followed. */
  async from(old: Connection): Promise<void> {
    this.#old = old;
    await old.retire();
    this.finish();
  }

  /** Lets go what was held before its time; from then on what both send is told by the ids. */
  release(): void {
    this.#markOverlap('both');
    this.#held.release();
  }

  /** Waits no longer for the old connection: what was held follows now. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.release();
    this.#markOverlap('ending');
  }

  #markOverlap(overlap: 'both' | 'ending'): void {
    this.#overlap = overlap;
    for (const subscription of this.subscriptions) {
      subscription.overlap = overlap;
      subscription.overlapEndedAt = subscription.lastReceivedAt;
    }
  }
}
