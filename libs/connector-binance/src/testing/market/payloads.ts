import type { Micros } from '@autotrader/schemas';
import { inUnit, type TimeUnit } from '../time-unit.js';
import type { Bar } from './bars.js';
import type { DepthChange } from './depth-changes.js';
import type { InstrumentScales } from './instrument-scales.js';
import type { OrderBook } from './order-book.js';

/** A trade or an aggregate of trades; price in ticks, quantity in steps. */
export interface MarketTrade {
  readonly id: number;
  readonly price: number;
  readonly quantity: number;
  readonly time: Micros;
  readonly isBuyerMaker: boolean;
}

/** Fills of one taker order at one price. */
export interface MarketAggregate extends MarketTrade {
  readonly firstId: number;
  readonly lastId: number;
}

/**
 * Writes the payloads of one symbol, field by field in the venue's order.
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 */
export class PayloadWriter {
  constructor(
    private readonly symbol: string,
    private readonly scales: InstrumentScales,
  ) {}

  trade(trade: MarketTrade, eventTime: Micros, unit: TimeUnit): string {
    return `${this.#head('trade', eventTime, unit)},"t":${trade.id},${this.#fill(trade)},${this.#tail(trade, unit)}`;
  }

  aggregate(trade: MarketAggregate, eventTime: Micros, unit: TimeUnit): string {
    const ids = `"f":${trade.firstId},"l":${trade.lastId}`;
    return `${this.#head('aggTrade', eventTime, unit)},"a":${trade.id},${this.#fill(trade)},${ids},${this.#tail(trade, unit)}`;
  }

  /** Carries no event type and no time. */
  bookTicker(book: OrderBook): string {
    const { price, quantity } = this.scales;
    const bid = `"b":"${price.format(book.bids.priceAt(0))}","B":"${quantity.format(book.bids.quantityAt(0))}"`;
    const ask = `"a":"${price.format(book.asks.priceAt(0))}","A":"${quantity.format(book.asks.quantityAt(0))}"`;
    return `{"u":${book.updateId},"s":"${this.symbol}",${bid},${ask}}`;
  }

  /** Carries no symbol, no event type and no time. */
  partialDepth(book: OrderBook, levels: number): string {
    const bids = JSON.stringify(this.scales.levels(book.bids.top(levels)));
    const asks = JSON.stringify(this.scales.levels(book.asks.top(levels)));
    return `{"lastUpdateId":${book.updateId},"bids":${bids},"asks":${asks}}`;
  }

  depthUpdate(change: DepthChange, eventTime: Micros, unit: TimeUnit): string {
    const bids = JSON.stringify(this.scales.levels(change.bids));
    const asks = JSON.stringify(this.scales.levels(change.asks));
    const ids = `"U":${change.firstId},"u":${change.lastId}`;
    return `${this.#head('depthUpdate', eventTime, unit)},${ids},"b":${bids},"a":${asks}}`;
  }

  kline(bar: Bar, isClosed: boolean, eventTime: Micros, unit: TimeUnit): string {
    const { price, quantity } = this.scales;
    const closeTime = inUnit(bar.endTime - 1, unit);
    const span = `"t":${inUnit(bar.openTime, unit)},"T":${closeTime},"s":"${this.symbol}","i":"${bar.interval}"`;
    const ids = `"f":${bar.firstTradeId},"L":${bar.lastTradeId}`;
    const prices = `"o":"${price.format(bar.open)}","c":"${price.format(bar.close)}","h":"${price.format(bar.high)}","l":"${price.format(bar.low)}"`;
    const volume = `"v":"${quantity.format(bar.volume)}","n":${bar.trades},"x":${isClosed},"q":"${this.scales.quote(bar.quoteVolume)}"`;
    const taker = `"V":"${quantity.format(bar.takerVolume)}","Q":"${this.scales.quote(bar.takerQuoteVolume)}","B":"0"`;
    return `${this.#head('kline', eventTime, unit)},"k":{${span},${ids},${prices},${volume},${taker}}}`;
  }

  #head(type: string, eventTime: Micros, unit: TimeUnit): string {
    return `{"e":"${type}","E":${inUnit(eventTime, unit)},"s":"${this.symbol}"`;
  }

  #fill({ price, quantity }: MarketTrade): string {
    return `"p":"${this.scales.price.format(price)}","q":"${this.scales.quantity.format(quantity)}"`;
  }

  #tail({ time, isBuyerMaker }: MarketTrade, unit: TimeUnit): string {
    return `"T":${inUnit(time, unit)},"m":${isBuyerMaker},"M":true}`;
  }
}
