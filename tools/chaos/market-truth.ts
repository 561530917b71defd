import { setTimeout as delay } from 'node:timers/promises';

/** A trade of the market, as its REST interface tells it. */
export interface MarketTrade {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  /** Microseconds. */
  readonly time: number;
}

const PAGE = 1000;
const EVERY_MS = 1_000;

/** Every trade of a market, whoever listened. */
export class MarketTruth {
  readonly trades = new Map<string, Map<number, MarketTrade>>();
  readonly #over = new AbortController();
  readonly #following: Promise<void>;

  constructor(
    private readonly restUrl: string,
    symbols: readonly string[],
  ) {
    for (const symbol of symbols) this.trades.set(symbol, new Map());
    this.#following = this.#follow();
  }

  /** Resolves when everything up to now is known. */
  async finish(): Promise<void> {
    this.#over.abort();
    await this.#following;
    await this.#takeAll();
  }

  /** Forgets nothing; the venue keeps a limited number. */
  async #follow(): Promise<void> {
    while (!this.#over.signal.aborted) {
      await this.#takeAll();
      await delay(EVERY_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }

  async #takeAll(): Promise<void> {
    for (const [symbol, known] of this.trades) {
      let last = [...known.keys()].at(-1) ?? -1;
      for (let count = PAGE; count === PAGE;) {
        const page = await this.#page(symbol, last + 1);
        for (const trade of page) known.set(trade.id, trade);
        last = page.at(-1)?.id ?? last;
        count = page.length;
      }
    }
  }

  async #page(symbol: string, fromId: number): Promise<MarketTrade[]> {
    const url = `${this.restUrl}/api/v3/historicalTrades?symbol=${symbol}&fromId=${fromId}&limit=${PAGE}`;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(url, {
          headers: { 'X-MBX-TIME-UNIT': 'MICROSECOND', connection: 'close' },
        });
        if (answer.ok) return (await answer.json()) as MarketTrade[];
        throw new Error(await answer.text());
      } catch (error) {
        if (attempt === 10) throw error; // a connection that a fault cut is made again
        await delay(100);
      }
    }
  }
}
