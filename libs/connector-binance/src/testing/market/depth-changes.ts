import type { BookLevel, OrderBook } from './order-book.js';

/** What changed in a book since the last look, with the first and last update id of it. */
export interface DepthChange {
  readonly firstId: number;
  readonly lastId: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

/** Collects changed levels between two looks; every update id is in exactly one change, none is left out. */
export class DepthChanges {
  readonly #changed = { bid: new Set<number>(), ask: new Set<number>() };
  #lastId: number;

  constructor(private readonly book: OrderBook) {
    this.#lastId = book.updateId;
    book.onChange((side, price) => this.#changed[side].add(price));
  }

  /** Undefined when nothing changed. */
  take(): DepthChange | undefined {
    if (this.book.updateId === this.#lastId) return undefined;
    const firstId = this.#lastId + 1;
    this.#lastId = this.book.updateId;
    return { firstId, lastId: this.#lastId, bids: this.#levels('bid'), asks: this.#levels('ask') };
  }

  #levels(side: 'bid' | 'ask'): BookLevel[] {
    const changed = this.#changed[side];
    const levels = [...changed].map((price): BookLevel => [price, this.book.side(side).quantityOf(price)]);
    changed.clear();
    return levels;
  }
}
