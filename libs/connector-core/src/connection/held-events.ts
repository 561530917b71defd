import type { EventOutlet } from './event-outlet.js';

const MOST_HELD = 100_000;

/**
 * Keeps the events of a connection that is to take over until the one before it has had its last word, so that
 * nothing overtakes. Answers of the venue and bad frames pass.
 */
export class HeldEvents {
  /** What the connection puts its events into. */
  readonly outlet: EventOutlet;
  #held: (() => void)[] | undefined = [];

  constructor(
    events: EventOutlet,
    /** There are too many to keep: they are let go before their time. */
    private readonly onFull: () => void,
  ) {
    this.outlet = {
      ...events,
      tick: (subscription, tick) => {
        if (this.#held === undefined) events.tick(subscription, tick);
        else this.#hold(this.#held, () => events.tick(subscription, tick));
      },
      depth: (subscription, depth) => {
        if (this.#held === undefined) events.depth(subscription, depth);
        else this.#hold(this.#held, () => events.depth(subscription, depth));
      },
      bar: (subscription, bar) => {
        if (this.#held === undefined) events.bar(subscription, bar);
        else this.#hold(this.#held, () => events.bar(subscription, bar));
      },
    };
  }

  /** Hands on what was kept, and everything from now on. */
  release(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const pass of held ?? []) pass();
  }

  #hold(held: (() => void)[], event: () => void): void {
    held.push(event);
    if (held.length >= MOST_HELD) this.onFull();
  }
}
