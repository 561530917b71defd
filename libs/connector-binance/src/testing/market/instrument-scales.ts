import type { SimulatedInstrument } from '../instrument.js';
import { DecimalScale } from './decimal-scale.js';
import type { BookLevel } from './order-book.js';

/** How an instrument's prices (in ticks) and quantities (in steps) are written. */
export class InstrumentScales {
  readonly price: DecimalScale;
  readonly quantity: DecimalScale;

  constructor(instrument: SimulatedInstrument) {
    this.price = new DecimalScale(instrument.tickSize);
    this.quantity = new DecimalScale(instrument.stepSize);
  }

  /** A sum of ticks times steps, in quote units. */
  quote(sum: bigint): string {
    return this.price.formatProduct(sum, this.quantity);
  }

  /** `[["84215.36000000","3.10200000"]]` */
  levels(levels: readonly BookLevel[]): [price: string, quantity: string][] {
    return levels.map(([price, quantity]) => [this.price.format(price), this.quantity.format(quantity)]);
  }
}
