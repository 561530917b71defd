import type { Micros } from '@autotrader/schemas';
import type { SimulatedInstrument } from './instrument.js';
import type { SimulatedPrice } from './price.js';

const MOST_PRICES = 200_000;

/** What has happened at the venue. */
export class VenueState {
  /** Prices, oldest first; the latest 200,000 at least. */
  prices: SimulatedPrice[] = [];
  readonly last = new Map<string, SimulatedPrice>();

  constructor(
    readonly instruments: readonly SimulatedInstrument[],
    readonly accountId: string,
    readonly now: () => Micros,
  ) {}

  remember(price: SimulatedPrice): void {
    this.last.set(price.instrument, price);
    this.prices.push(price);
    if (this.prices.length > 2 * MOST_PRICES) this.prices = this.prices.slice(-MOST_PRICES);
  }
}
