import type { Micros } from '@autotrader/schemas';
import { BoundedLog } from './bounded-log.js';
import { barSpanAt, type BarSpan } from './kline-interval.js';

/** Prices in ticks, volumes in steps, quote volumes in ticks times steps. */
export interface Bar extends BarSpan {
  readonly interval: string;
  firstTradeId: number;
  lastTradeId: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  quoteVolume: bigint;
  trades: number;
  takerVolume: number;
  takerQuoteVolume: bigint;
}

/** A trade as the bars need it; price in ticks, quantity in steps. */
export interface BarTrade {
  readonly id: number;
  readonly price: number;
  readonly quantity: number;
  readonly isBuyerMaker: boolean;
}

const CLOSED_BARS_KEPT = 1000;
/** What Binance writes as trade id of a bar without trades. */
const NO_TRADE = -1;

/** The bars of one interval: the running one and the latest closed ones. */
export class BarSeries {
  readonly closed = new BoundedLog<Bar>(CLOSED_BARS_KEPT);
  #current: Bar;
  #hasNews = false;

  constructor(
    readonly interval: string,
    time: Micros,
    price: number,
  ) {
    this.#current = this.#emptyBar(time, price);
  }

  get current(): Bar {
    return this.#current;
  }

  /** Whether trades came in since the last asking. */
  takeNews(): boolean {
    const hasNews = this.#hasNews;
    this.#hasNews = false;
    return hasNews;
  }

  add(trade: BarTrade): void {
    const bar = this.#current;
    if (bar.trades === 0) this.#current = { ...bar, ...firstTrade(trade) };
    else addToBar(bar, trade);
    addVolume(this.#current, trade);
    this.#hasNews = true;
  }

  /** Closes the running bar if its end has come, and opens the one that holds the moment. */
  roll(time: Micros): Bar | undefined {
    const ended = this.#current;
    if (time < ended.endTime) return undefined;
    this.closed.push(ended);
    this.#current = this.#emptyBar(time, ended.close);
    this.#hasNews = false;
    return ended;
  }

  #emptyBar(time: Micros, price: number): Bar {
    return {
      interval: this.interval,
      ...barSpanAt(this.interval, time),
      firstTradeId: NO_TRADE,
      lastTradeId: NO_TRADE,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: 0,
      quoteVolume: 0n,
      trades: 0,
      takerVolume: 0,
      takerQuoteVolume: 0n,
    };
  }
}

function firstTrade({ id, price }: BarTrade): Partial<Bar> & Pick<Bar, 'open'> {
  return { firstTradeId: id, lastTradeId: id, open: price, high: price, low: price, close: price };
}

function addToBar(bar: Bar, { id, price }: BarTrade): void {
  bar.lastTradeId = id;
  bar.close = price;
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
}

function addVolume(bar: Bar, { price, quantity, isBuyerMaker }: BarTrade): void {
  const quote = BigInt(price) * BigInt(quantity);
  bar.trades += 1;
  bar.volume += quantity;
  bar.quoteVolume += quote;
  if (isBuyerMaker) return;
  bar.takerVolume += quantity;
  bar.takerQuoteVolume += quote;
}
