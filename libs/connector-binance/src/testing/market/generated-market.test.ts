import { describe, expect, it, jest } from '@jest/globals';
import { formatDecimal } from '@autotrader/schemas';
import { instrumentOf } from '../instrument.js';
import type { EventSink, OutgoingEvent } from '../outgoing-event.js';
import { GeneratedMarket, type GeneratedMarketOptions } from './generated-market.js';
import { barSpanAt } from './kline-interval.js';

/** A busy machine is no failure. */
jest.setTimeout(30_000);

const START = 1_795_361_400_000_000;

interface Trade {
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly T: number;
  readonly E: number;
  readonly m: boolean;
}
interface Aggregate extends Trade {
  readonly a: number;
  readonly f: number;
  readonly l: number;
}
interface Diff {
  readonly U: number;
  readonly u: number;
  readonly b: [string, string][];
  readonly a: [string, string][];
}
interface Kline {
  readonly k: Record<string, string | number | boolean>;
}

/** Keeps everything, as if somebody had subscribed to every stream. */
class Everything implements EventSink {
  readonly texts: string[] = [];
  readonly #events = new Map<string, OutgoingEvent[]>();

  constructor(private readonly streams: RegExp) {}

  publish(event: OutgoingEvent): void {
    if (!this.streams.test(event.stream)) return;
    this.texts.push(event.text(true, 'MICROSECOND'));
    const events = this.#events.get(event.stream) ?? [];
    this.#events.set(event.stream, events);
    events.push(event);
  }

  isWanted(stream: string): boolean {
    return this.streams.test(stream);
  }

  flush(): void {
    return undefined;
  }

  of<T>(stream: string): T[] {
    return (this.#events.get(stream) ?? []).map((event) => JSON.parse(event.text(false, 'MICROSECOND')) as T);
  }

  ids(stream: string): (number | undefined)[] {
    return (this.#events.get(stream) ?? []).map(({ id }) => id);
  }
}

function marketOf(options: GeneratedMarketOptions = {}, symbols = ['BTCUSDT'], streams = /./) {
  const sink = new Everything(streams);
  const clock = { now: () => START };
  const market = new GeneratedMarket(symbols.map(instrumentOf), { paused: true, ...options }, clock, sink);
  return { market, sink };
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? NaN));
}

describe('GeneratedMarket', () => {
  it('is the same again for the same seed and start, and another for another seed', () => {
    const [first, again, other] = [marketOf(), marketOf(), marketOf({ seed: 2 })];
    for (const { market } of [first, again, other]) market.advance(5000);
    expect(first.sink.texts.length).toBeGreaterThan(500);
    expect(again.sink.texts).toEqual(first.sink.texts);
    expect(other.sink.texts).not.toEqual(first.sink.texts);
  });

  it('plays a symbol alike, whatever its neighbours and however its time is cut', () => {
    const [alone, together] = [marketOf(), marketOf({}, ['ETHUSDT', 'BTCUSDT'])];
    alone.market.advance(3000);
    for (let slice = 0; slice < 300; slice += 1) together.market.advance(10);
    expect(together.sink.of('btcusdt@trade')).toEqual(alone.sink.of('btcusdt@trade'));
    expect(together.sink.of('ethusdt@trade')).not.toEqual([]);
  });

  it('numbers trades and aggregates without a gap, and times them in order before their publication', () => {
    const { market, sink } = marketOf({}, ['BTCUSDT'], /@(trade|aggTrade)$/);
    market.advance(60_000);
    const trades = sink.of<Trade>('btcusdt@trade');
    const aggregates = sink.of<Aggregate>('btcusdt@aggTrade');
    expect(trades.length).toBeGreaterThan(500);
    expect(new Set(differences(trades.map(({ t }) => t)))).toEqual(new Set([1]));
    expect(new Set(differences(aggregates.map(({ a }) => a)))).toEqual(new Set([1]));
    expect(differences(trades.map(({ T }) => T)).every((step) => step >= 0)).toBe(true);
    expect(trades.every(({ T, E }) => T <= E && E - T <= 400)).toBe(true);
    expect(sink.ids('btcusdt@trade')).toEqual(trades.map(({ t }) => t));
  });

  it('aggregates exactly the fills of one order at one price', () => {
    const { market, sink } = marketOf({}, ['BTCUSDT'], /@(trade|aggTrade)$/);
    market.advance(60_000);
    const trades = sink.of<Trade>('btcusdt@trade');
    const first = trades[0]?.t ?? NaN;
    const aggregates = sink.of<Aggregate>('btcusdt@aggTrade');
    for (const { f, l, p, q, m } of aggregates) {
      const fills = trades.slice(f - first, l - first + 1);
      expect(fills.every((fill) => fill.p === p && fill.m === m)).toBe(true);
      expect(formatDecimal(sum(fills))).toBe(formatDecimal(Number(q)));
    }
    expect(aggregates.at(-1)?.l).toBe(trades.at(-1)?.t);
    expect(aggregates.length).toBeLessThan(trades.length);
  });

  it.each(['btcusdt@depth@100ms', 'btcusdt@depth'])('keeps a book that %s rebuilds', (stream) => {
    const { market, sink } = marketOf();
    const snapshot = market.market('BTCUSDT')?.depth(5000);
    market.advance(20_000);
    const sides = { b: new Map(snapshot?.bids), a: new Map(snapshot?.asks) };
    let last = snapshot?.lastUpdateId ?? NaN;
    for (const diff of sink.of<Diff>(stream)) {
      expect(diff.U).toBe(last + 1);
      last = diff.u;
      for (const side of ['b', 'a'] as const)
        for (const [price, quantity] of diff[side])
          if (Number(quantity) === 0) sides[side].delete(price);
          else sides[side].set(price, quantity);
    }
    const book = market.market('BTCUSDT')?.depth(5000);
    expect(book?.lastUpdateId).toBe(last);
    expect(new Map(book?.bids)).toEqual(sides.b);
    expect(new Map(book?.asks)).toEqual(sides.a);
    expect(Number(book?.bids[0]?.[0])).toBeLessThan(Number(book?.asks[0]?.[0]));
  });

  it('shows top levels on the tick, best first, only when the book changed', () => {
    const { market, sink } = marketOf({ eventsPerSecond: 5 });
    market.advance(20_000);
    for (const levels of [5, 10, 20]) {
      const books = sink.of<{ lastUpdateId: number; bids: [string, string][] }>(
        `btcusdt@depth${levels}@100ms`,
      );
      expect(differences(books.map(({ lastUpdateId }) => lastUpdateId)).every((step) => step > 0)).toBe(true);
      expect(books.length).toBeLessThan(200);
      expect(books.every(({ bids }) => bids.length === levels)).toBe(true);
      const prices = books.flatMap(({ bids }) => differences(bids.map(([price]) => Number(price))));
      expect(prices.every((step) => step < 0)).toBe(true);
    }
    expect(sink.of('btcusdt@depth20').length).toBeLessThanOrEqual(20);
  });

  it('tells the best bid and ask only when they changed', () => {
    const { market, sink } = marketOf();
    market.advance(20_000);
    const tickers = sink.of<{ u: number; s: string }>('btcusdt@bookTicker');
    expect(differences(tickers.map(({ u }) => u)).every((step) => step > 0)).toBe(true);
    const quotes = tickers.map((ticker) => JSON.stringify({ ...ticker, u: 0 }));
    expect(quotes.some((quote, index) => quote === quotes[index + 1])).toBe(false);
    expect(JSON.stringify(tickers[0])).toMatch(
      /^\{"u":\d+,"s":"BTCUSDT","b":"\d+\.\d{8}","B":"\d+\.\d{8}","a":"\d+\.\d{8}","A":"\d+\.\d{8}"\}$/,
    );
  });

  it('closes bars that are exactly the trades of their time', () => {
    const { market, sink } = marketOf({}, ['BTCUSDT'], /@(trade|kline_1m)$/);
    market.advance(150_000);
    const trades = sink.of<Trade>('btcusdt@trade');
    const closed = sink.of<Kline>('btcusdt@kline_1m').filter(({ k }) => k['x'] === true);
    expect(closed).toHaveLength(2);
    for (const { k } of closed) {
      const { openTime, endTime } = barSpanAt('1m', Number(k['t']));
      const inside = trades.filter(({ T }) => T >= openTime && T < endTime);
      expect(k).toMatchObject({ t: openTime, T: endTime - 1, s: 'BTCUSDT', i: '1m', n: inside.length });
      expect(k).toMatchObject({ f: inside[0]?.t, L: inside.at(-1)?.t });
      expect(k).toMatchObject({ o: inside[0]?.p, c: inside.at(-1)?.p });
      expect(Number(k['h'])).toBe(Math.max(...inside.map(({ p }) => Number(p))));
      expect(Number(k['l'])).toBe(Math.min(...inside.map(({ p }) => Number(p))));
      expect(Number(k['v'])).toBeCloseTo(sum(inside), 8);
      expect(Number(k['V'])).toBeCloseTo(sum(inside.filter(({ m }) => !m)), 8);
      expect(Number(k['q'])).toBeCloseTo(
        inside.reduce((total, { p, q }) => total + Number(p) * Number(q), 0),
        4,
      );
    }
  });

  it('closes a bar without trades at the last price', () => {
    const { market, sink } = marketOf({ eventsPerSecond: 0 });
    market.advance(2000);
    const bars = sink.of<Kline>('btcusdt@kline_1s').map(({ k }) => k);
    expect(bars).toHaveLength(2);
    expect(bars[0]).toMatchObject({ x: true, n: 0, f: -1, L: -1, v: '0.00000000', o: '84215.37000000' });
    expect(bars[0]).toMatchObject({ h: '84215.37000000', l: '84215.37000000', c: '84215.37000000' });
  });

  it('steps from order to order whatever the clock says', () => {
    const { market } = marketOf({}, ['BTCUSDT', 'ETHUSDT']);
    const before = market.time;
    market.step();
    const after = market.time;
    market.step(99);
    expect(after).toBeGreaterThan(before);
    expect(market.time - before).toBeGreaterThan(500_000);
    expect(market.time - before).toBeLessThan(2_000_000);
    expect(market.isRunning).toBe(false);
  });

  it('holds its price near the start', () => {
    const { market, sink } = marketOf({}, ['BTCUSDT'], /@trade$/);
    market.advance(600_000);
    const prices = sink.of<Trade>('btcusdt@trade').map(({ p }) => Number(p));
    expect(Math.max(...prices)).toBeLessThan(84_215.37 * 1.05);
    expect(Math.min(...prices)).toBeGreaterThan(84_215.37 * 0.95);
    expect(new Set(prices).size).toBeGreaterThan(100);
  });

  it.each(['BTCUSDT', 'ETHBTC', 'DOGEUSDT', 'SHIBUSDT'])(
    'makes a book of %s that never crosses',
    (symbol) => {
      const { market, sink } = marketOf({}, [symbol], /@(trade|bookTicker)$/);
      market.advance(30_000);
      const crossed = sink
        .of<{ b: string; a: string }>(`${symbol.toLowerCase()}@bookTicker`)
        .filter(({ b, a }) => Number(b) >= Number(a) || Number(b) <= 0);
      expect(crossed).toEqual([]);
      expect(sink.of(`${symbol.toLowerCase()}@trade`)).not.toEqual([]);
    },
  );
});

function sum(trades: readonly Trade[]): number {
  return Number(trades.reduce((total, { q }) => total + Number(q), 0).toFixed(8));
}
