import type { Micros } from '@autotrader/schemas';
import type { SimulatedInstrument } from './instrument.js';
import type { SimulatedPrice } from './price.js';

const TICK_MS = 5;
/** After a long pause of the process the market does not make up for all of it. */
const MOST_AT_ONCE = 100;
const UNITS = 1_000_000;

/** A market somebody else's clock and chance decide: prices that walk at random, evenly spaced. */
export class GeneratedMarket {
  readonly #mids: Map<string, number>;
  readonly #due: Map<string, number>;
  #timer: NodeJS.Timeout | undefined;
  isTradeable = true;

  constructor(
    private readonly instruments: readonly SimulatedInstrument[],
    private readonly perSecond: number,
    private readonly random: () => number,
    private readonly now: () => Micros,
    private readonly publish: (price: SimulatedPrice) => void,
  ) {
    this.#mids = new Map(instruments.map(({ name, price, decimals }) => [name, price * 10 ** decimals]));
    this.#due = new Map(instruments.map(({ name }) => [name, 0]));
  }

  resume(): void {
    if (this.#timer !== undefined) return;
    for (const name of this.#due.keys()) this.#due.set(name, performance.now());
    this.#timer = setInterval(() => this.#run(), TICK_MS);
  }

  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    const now = performance.now();
    const apart = 1_000 / this.perSecond;
    for (const instrument of this.instruments) {
      let due = this.#due.get(instrument.name) ?? now;
      due = Math.max(due, now - MOST_AT_ONCE * apart);
      for (; due <= now; due += apart) this.publish(this.#next(instrument));
      this.#due.set(instrument.name, due);
    }
  }

  #next({ name, decimals }: SimulatedInstrument): SimulatedPrice {
    const step = Math.round((this.random() - 0.5) * 6);
    const mid = Math.max(100, (this.#mids.get(name) ?? 100) + step);
    this.#mids.set(name, mid);
    const half = 3 + Math.floor(this.random() * 5);
    const text = (points: number): string => (Math.round(points) / 10 ** decimals).toFixed(decimals);
    const bids = [half, half + 1].map((away, n) => ({ price: text(mid - away), liquidity: (n + 1) * UNITS }));
    const asks = [half, half + 2].map((away, n) => ({ price: text(mid + away), liquidity: (n + 1) * UNITS }));
    return { instrument: name, time: this.now(), bids, asks, tradeable: this.isTradeable };
  }
}
