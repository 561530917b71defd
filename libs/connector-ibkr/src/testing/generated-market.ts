import type { SimulatedInstrument } from './instrument.js';
import type { TwsMarket } from './simulator.js';

const TICK_MS = 5;
/** After a long pause of the process the market does not make up for all of it. */
const MOST_AT_ONCE = 50;
const EXCHANGES = ['NASDAQ', 'ARCA', 'NYSE', 'IEX'];

/** Trades and quotes that walk at random, evenly spaced: of each instrument so many a second of each kind. */
export class GeneratedMarket {
  readonly #prices: Map<string, number>;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;

  constructor(
    private readonly instruments: readonly SimulatedInstrument[],
    private readonly perSecond: number,
    private readonly random: () => number,
    private readonly market: Pick<TwsMarket, 'trade' | 'quote'>,
  ) {
    this.#prices = new Map(
      instruments.map(({ localSymbol, price, minTick }) => [localSymbol, Math.round(price / minTick)]),
    );
  }

  resume(): void {
    this.#due = performance.now();
    this.#timer ??= setInterval(() => this.#run(), TICK_MS);
  }

  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    const now = performance.now();
    const apart = 1_000 / this.perSecond;
    this.#due = Math.max(this.#due, now - MOST_AT_ONCE * apart);
    for (; this.#due <= now; this.#due += apart)
      for (const instrument of this.instruments) this.#move(instrument);
  }

  #move({ localSymbol, minTick, secType }: SimulatedInstrument): void {
    const ticks = Math.max(
      100,
      (this.#prices.get(localSymbol) ?? 100) + Math.round((this.random() - 0.5) * 4),
    );
    this.#prices.set(localSymbol, ticks);
    const decimals = Math.max(0, Math.ceil(-Math.log10(minTick)));
    const price = (at: number): number => Number((at * minTick).toFixed(decimals + 1));
    const size = (): number => (1 + Math.floor(this.random() * 9)) * 100;
    this.market.quote(localSymbol, {
      ...{ bid: price(ticks - 1), ask: price(ticks + 1), bidSize: size(), askSize: size() },
    });
    if (secType === 'CASH' || secType === 'IND') return;
    const exchange = EXCHANGES[Math.floor(this.random() * EXCHANGES.length)] ?? '';
    this.market.trade(localSymbol, { price: price(ticks), size: size(), exchange });
  }
}
