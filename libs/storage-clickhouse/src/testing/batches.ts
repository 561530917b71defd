import {
  type DepthBatch,
  DepthColumnWriter,
  type Source,
  type TickBatch,
  TickColumnWriter,
} from '@autotrader/connector-core';
import type { Depth, Tick } from '@autotrader/schemas';

export const BTC: Source = {
  venue: 'BINANCE',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  assetClass: 'CRYPTO',
  stream: 'trade',
};

/** 2024-08-09T00:00:00Z in microseconds. */
export const MIDNIGHT = 1_723_161_600_000_000;

/** A trade at the `n`th microsecond before or after midnight, with id `n` + 1,000,000. */
export function trade(n: number, more: Partial<Tick> = {}): Tick {
  const timestamp = MIDNIGHT + n;
  return {
    type: 'tick',
    ...BTC,
    timestamp,
    receivedAt: timestamp + 1_270,
    sequenceId: 1_000_000 + n,
    kind: 'trade',
    price: (6_183_763 + (n % 1000)) / 100,
    size: ((n % 999) + 1) / 1e5,
    side: n % 2 === 0 ? 'BUY' : 'SELL',
    ...more,
  };
}

/** Trades `from` to `to` - 1. */
export function trades(from: number, to: number, more: Partial<Tick> = {}): Tick[] {
  return Array.from({ length: to - from }, (_, index) => trade(from + index, more));
}

/** The ticks as a connector hands them over. */
export function tickBatch(ticks: readonly Tick[]): TickBatch {
  const writer = new TickColumnWriter(ticks.length);
  const sources = new SourceList();
  for (const tick of ticks) writer.append(sources.indexOf(tick), tick);
  return writer.take(sources.all);
}

/** The books as a connector hands them over. */
export function depthBatch(books: readonly Depth[]): DepthBatch {
  const writer = new DepthColumnWriter(books.length);
  const sources = new SourceList();
  for (const book of books) writer.append(sources.indexOf(book), book);
  return writer.take(sources.all);
}

class SourceList {
  readonly all: Source[] = [];
  readonly #indices = new Map<string, number>();

  indexOf({ venue, symbol, venueSymbol, assetClass, stream }: Source): number {
    const key = JSON.stringify([venue, symbol, venueSymbol, assetClass, stream]);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#indices.set(key, this.all.length);
    return this.all.push({ venue, symbol, venueSymbol, assetClass, stream }) - 1;
  }
}
