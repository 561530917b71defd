import type { Micros } from '@autotrader/schemas';
import type { Quote } from './normalize.js';

/** Tick types by what they tell, live and delayed: https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/#available-tick-types */
const FIELDS: Readonly<Record<number, keyof Quote | 'last' | 'lastSize' | 'lastTime'>> = {
  ...{ 0: 'bidSize', 1: 'bid', 2: 'ask', 3: 'askSize', 4: 'last', 5: 'lastSize', 45: 'lastTime' },
  ...{ 69: 'bidSize', 66: 'bid', 67: 'ask', 70: 'askSize', 68: 'last', 71: 'lastSize', 88: 'lastTime' },
};
const SECOND = 1_000_000;

/** What a change of streamed market data comes to. */
export interface MarketDataChange {
  readonly quote?: Quote;
  readonly trade?: { readonly price: number; readonly size: number };
}

/** Puts quotes and trades together from prices and sizes that come one by one. */
export class MarketDataBoard {
  readonly #quote = { bid: NaN, ask: NaN, bidSize: NaN, askSize: NaN };
  #last = NaN;
  #lastSize = NaN;
  #isLastNew = false;
  /** Time of the last trade as the venue told it, microseconds; `undefined` before it did. */
  lastTime: Micros | undefined;

  /** A price or a size. @returns what it completes; `undefined` when nothing, or nothing that we record. */
  set(tickType: number, value: number): MarketDataChange | undefined {
    const field = FIELDS[tickType];
    switch (field) {
      case undefined:
      case 'lastTime':
        return undefined;
      case 'last':
        // The size that belongs to it comes behind it.
        this.#last = value > 0 ? value : NaN;
        this.#isLastNew = true;
        return undefined;
      case 'lastSize':
        return this.#trade(value);
      default:
        return this.#change(field, value);
    }
  }

  setText(tickType: number, text: string): void {
    if (FIELDS[tickType] === 'lastTime' && /^[0-9]{10}$/.test(text)) this.lastTime = Number(text) * SECOND;
  }

  #trade(size: number): MarketDataChange | undefined {
    const isRepeated = !this.#isLastNew && size === this.#lastSize;
    this.#lastSize = size;
    this.#isLastNew = false;
    if (isRepeated || Number.isNaN(this.#last) || size <= 0) return undefined;
    return { trade: { price: this.#last, size } };
  }

  /** A price of -1 or 0 means that there is none. */
  #change(field: keyof Quote, value: number): MarketDataChange | undefined {
    const isPrice = field === 'bid' || field === 'ask';
    const told = isPrice && value <= 0 ? NaN : value;
    if (Object.is(this.#quote[field], told)) return undefined;
    this.#quote[field] = told;
    const { bid, ask, bidSize, askSize } = this.#quote;
    if (Number.isNaN(bid) || Number.isNaN(ask)) return undefined;
    // A size that has not come yet is none that we know of.
    return { quote: { bid, ask, bidSize: bidSize || 0, askSize: askSize || 0 } };
  }
}
