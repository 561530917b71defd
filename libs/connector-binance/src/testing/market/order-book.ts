/** Price in ticks, quantity in steps. */
export type BookLevel = readonly [price: number, quantity: number];

/** One side of a book, best price first. Prices in ticks, quantities in steps. */
export class BookSide {
  readonly #prices: number[] = [];
  readonly #quantities: number[] = [];
  /** Turns the side's order into growing keys: bids fall, asks rise. */
  readonly #direction: 1 | -1;

  constructor(side: 'bid' | 'ask') {
    this.#direction = side === 'bid' ? -1 : 1;
  }

  get size(): number {
    return this.#prices.length;
  }

  /** Price at a rank, 0 being the best; NaN beyond the last. */
  priceAt(rank: number): number {
    return this.#prices[rank] ?? NaN;
  }

  /** Quantity at a rank, 0 being the best; 0 beyond the last. */
  quantityAt(rank: number): number {
    return this.#quantities[rank] ?? 0;
  }

  /** Quantity at a price; 0 when there is no such level. */
  quantityOf(price: number): number {
    const rank = this.#rankOf(price);
    return this.#prices[rank] === price ? this.quantityAt(rank) : 0;
  }

  /** Sets the absolute quantity of a level; 0 removes it. */
  set(price: number, quantity: number): void {
    const rank = this.#rankOf(price);
    const exists = this.#prices[rank] === price;
    if (quantity > 0 && exists) this.#quantities[rank] = quantity;
    else if (quantity > 0) {
      this.#prices.splice(rank, 0, price);
      this.#quantities.splice(rank, 0, quantity);
    } else if (exists) {
      this.#prices.splice(rank, 1);
      this.#quantities.splice(rank, 1);
    }
  }

  /** The best levels. */
  top(limit: number): BookLevel[] {
    return this.#prices.slice(0, limit).map((price, rank) => [price, this.quantityAt(rank)]);
  }

  #rankOf(price: number): number {
    const key = price * this.#direction;
    let [low, high] = [0, this.#prices.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.priceAt(middle) * this.#direction < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Hears of each level that changed; the book already holds the new quantity. */
export type BookListener = (side: 'bid' | 'ask', price: number) => void;

/** A book whose every change has an id, one greater than that of the change before. */
export class OrderBook {
  readonly bids = new BookSide('bid');
  readonly asks = new BookSide('ask');
  #updateId: number;
  readonly #listeners: BookListener[] = [];

  constructor(firstUpdateId: number) {
    this.#updateId = firstUpdateId;
  }

  /** The id of the latest change. */
  get updateId(): number {
    return this.#updateId;
  }

  onChange(listener: BookListener): void {
    this.#listeners.push(listener);
  }

  side(side: 'bid' | 'ask'): BookSide {
    return side === 'bid' ? this.bids : this.asks;
  }

  set(side: 'bid' | 'ask', price: number, quantity: number): void {
    this.side(side).set(price, quantity);
    this.#updateId += 1;
    for (const listener of this.#listeners) listener(side, price);
  }
}
