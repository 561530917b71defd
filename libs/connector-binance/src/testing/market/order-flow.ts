import type { OrderBook } from './order-book.js';
import { exponential, type Random } from './random.js';

/** Price in ticks, quantity in steps. */
export interface Fill {
  readonly price: number;
  readonly quantity: number;
}

/** An order that took liquidity, and whom it met, in order. */
export interface TakerOrder {
  readonly isBuyerMaker: boolean;
  readonly fills: readonly Fill[];
}

const FIRST_LEVELS = 200;
const FEWEST_LEVELS = 40;
const MOST_LEVELS = 500;
/** Steps in a typical order: 0.02 BTC where the step is 0.00001. */
const TYPICAL_QUANTITY = 2_000;
const RESTING_QUANTITY = 5 * TYPICAL_QUANTITY;
const TAKER_SHARE = 0.3;
const PLACE_SHARE = 0.45;
const MOST_LEVELS_TAKEN = 3;

/** Orders that come and go at random around a price that they are drawn back to. */
export class OrderFlow {
  /** Mean distance of two neighbouring levels, in ticks. */
  readonly #spacing: number;

  constructor(
    private readonly book: OrderBook,
    private readonly random: Random,
    private readonly startPrice: number,
  ) {
    this.#spacing = Math.max(1, Math.round(startPrice * 2e-6));
    book.set('bid', startPrice, this.#restingQuantity());
    book.set('ask', startPrice + 1, this.#restingQuantity());
    for (const side of ['bid', 'ask'] as const) this.#refill(side, FIRST_LEVELS);
  }

  /** One order: it either takes liquidity, or places, replaces or cancels some. */
  act(): TakerOrder | undefined {
    const kind = this.random();
    if (kind < TAKER_SHARE) return this.#take();
    const side = this.random() < 0.5 ? 'bid' : 'ask';
    if (kind < TAKER_SHARE + PLACE_SHARE) this.#place(side);
    else this.#cancel(side);
    return undefined;
  }

  /** Never takes the last level: a side always has a best price. */
  #take(): TakerOrder | undefined {
    const away = (this.book.bids.priceAt(0) - this.startPrice) / this.startPrice;
    const isBuyerMaker = this.random() < 0.5 + Math.max(-0.2, Math.min(0.2, away * 20));
    const side = isBuyerMaker ? 'bid' : 'ask';
    const levels = this.book.side(side);
    const fills: Fill[] = [];
    let wanted = 1 + Math.floor(exponential(this.random, TYPICAL_QUANTITY));
    for (let taken = 0; wanted > 0 && taken < MOST_LEVELS_TAKEN && levels.size > 1; taken += 1) {
      const [price, available] = [levels.priceAt(0), levels.quantityAt(0)];
      const quantity = Math.min(wanted, available);
      this.#splitAmongMakers(price, quantity, fills);
      this.book.set(side, price, available - quantity);
      wanted -= quantity;
    }
    this.#refill(side, FEWEST_LEVELS);
    return fills.length === 0 ? undefined : { isBuyerMaker, fills };
  }

  #splitAmongMakers(price: number, quantity: number, fills: Fill[]): void {
    let rest = quantity;
    while (rest > 1 && this.random() < 0.4) {
      const part = 1 + Math.floor(this.random() * (rest - 1));
      fills.push({ price, quantity: part });
      rest -= part;
    }
    fills.push({ price, quantity: rest });
  }

  #place(side: 'bid' | 'ask'): void {
    const inward = side === 'bid' ? 1 : -1;
    const best = this.book.side(side).priceAt(0);
    const spread = this.book.asks.priceAt(0) - this.book.bids.priceAt(0);
    const improves = spread > 1 && this.random() < 0.5;
    const distance = improves
      ? 1 + Math.floor(this.random() * (spread - 1))
      : -Math.floor(exponential(this.random, 15 * this.#spacing));
    const price = best + inward * distance;
    if (price < 1) return;
    this.book.set(side, price, this.#restingQuantity());
    const levels = this.book.side(side);
    if (levels.size > MOST_LEVELS) this.book.set(side, levels.priceAt(levels.size - 1), 0);
  }

  #cancel(side: 'bid' | 'ask'): void {
    const levels = this.book.side(side);
    if (levels.size <= FEWEST_LEVELS) return;
    const rank = Math.floor(this.random() * this.random() * levels.size);
    this.book.set(side, levels.priceAt(rank), 0);
  }

  /** Adds levels behind the last one; a bid side that has reached the lowest price stays short. */
  #refill(side: 'bid' | 'ask', fewest: number): void {
    const levels = this.book.side(side);
    const outward = side === 'bid' ? -1 : 1;
    while (levels.size < fewest) {
      const gap = 1 + Math.floor(exponential(this.random, this.#spacing));
      const price = levels.priceAt(levels.size - 1) + outward * gap;
      if (price < 1) return;
      this.book.set(side, price, this.#restingQuantity());
    }
  }

  #restingQuantity(): number {
    return 1 + Math.floor(exponential(this.random, RESTING_QUANTITY));
  }
}
