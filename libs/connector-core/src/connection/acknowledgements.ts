import type { Subscription } from '../session/subscription.js';

/** What the venue was asked for on one connection: what it has agreed to, and what it owes an answer. */
export class Acknowledgements {
  readonly #awaited = new Set<Subscription>();
  readonly #given = new Set<Subscription>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    /** Longest time without an answer, in milliseconds. */
    private readonly withinMs: number,
    private readonly onOverdue: () => void,
  ) {}

  /** What has not been answered. */
  get awaited(): readonly Subscription[] {
    return [...this.#awaited];
  }

  /** Nothing is without an answer. */
  get isComplete(): boolean {
    return this.#awaited.size === 0;
  }

  /** Whether the venue has agreed to this one, on this connection. */
  has(subscription: Subscription): boolean {
    return this.#given.has(subscription);
  }

  /** Whether the venue owes an answer to this one. */
  awaits(subscription: Subscription): boolean {
    return this.#awaited.has(subscription);
  }

  expect(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.#awaited.add(subscription);
  }

  give(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#awaited.delete(subscription);
      this.#given.add(subscription);
    }
    this.wait();
  }

  /** These are not wanted any more, or were refused. */
  forget(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#awaited.delete(subscription);
      this.#given.delete(subscription);
    }
    this.wait();
  }

  /** The time for an answer begins anew: something was asked, or answered. */
  wait(): void {
    clearTimeout(this.#timer);
    if (!this.isComplete && !this.#isClosed) this.#timer = setTimeout(this.onOverdue, this.withinMs);
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
