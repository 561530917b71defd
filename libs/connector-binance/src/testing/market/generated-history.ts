import {
  type AggregateRecord,
  type BarRecord,
  type HistoryQuery,
  select,
  type TradeRecord,
  type VenueHistory,
} from '../venue-history.js';
import type { Bar, BarSeries } from './bars.js';
import { BoundedLog } from './bounded-log.js';
import type { InstrumentScales } from './instrument-scales.js';
import type { MarketAggregate, MarketTrade } from './payloads.js';

const TRADES_KEPT = 100_000;

/** What the generated market did, as far back as it is kept; trades withheld from the streams are in it. */
export class GeneratedHistory implements VenueHistory {
  readonly #trades = new BoundedLog<MarketTrade>(TRADES_KEPT);
  readonly #aggregates = new BoundedLog<MarketAggregate>(TRADES_KEPT);

  constructor(
    private readonly scales: InstrumentScales,
    private readonly series: readonly BarSeries[],
  ) {}

  addTrade(trade: MarketTrade): void {
    this.#trades.push(trade);
    for (const series of this.series) series.add(trade);
  }

  addAggregate(trade: MarketAggregate): void {
    this.#aggregates.push(trade);
  }

  trades(query: HistoryQuery): TradeRecord[] {
    return select(this.#trades, query, idOf, timeOf).map((trade) => ({
      id: trade.id,
      ...this.#fill(trade),
      quoteQuantity: this.scales.quote(BigInt(trade.price) * BigInt(trade.quantity)),
    }));
  }

  aggregates(query: HistoryQuery): AggregateRecord[] {
    return select(this.#aggregates, query, idOf, timeOf).map((trade) => ({
      id: trade.id,
      firstId: trade.firstId,
      lastId: trade.lastId,
      ...this.#fill(trade),
    }));
  }

  bars(interval: string, query: HistoryQuery): BarRecord[] {
    const series = this.series.find((candidate) => candidate.interval === interval);
    if (series === undefined) return [];
    const openTimeOf = (bar: Bar): number => bar.openTime;
    const running = isWanted(series.current, query) ? [series.current] : [];
    const bars = [...select(series.closed, query, openTimeOf, openTimeOf), ...running];
    const kept = query.startTime === undefined ? bars.slice(-query.limit) : bars.slice(0, query.limit);
    return kept.map((bar) => this.#bar(bar));
  }

  #fill({ price, quantity, time, isBuyerMaker }: MarketTrade) {
    return {
      price: this.scales.price.format(price),
      quantity: this.scales.quantity.format(quantity),
      time,
      isBuyerMaker,
    };
  }

  #bar(bar: Bar): BarRecord {
    const { price, quantity } = this.scales;
    return {
      openTime: bar.openTime,
      closeTime: bar.endTime - 1,
      open: price.format(bar.open),
      high: price.format(bar.high),
      low: price.format(bar.low),
      close: price.format(bar.close),
      volume: quantity.format(bar.volume),
      quoteVolume: this.scales.quote(bar.quoteVolume),
      trades: bar.trades,
      takerVolume: quantity.format(bar.takerVolume),
      takerQuoteVolume: this.scales.quote(bar.takerQuoteVolume),
    };
  }
}

function idOf(trade: MarketTrade): number {
  return trade.id;
}

function timeOf(trade: MarketTrade): number {
  return trade.time;
}

function isWanted(bar: Bar, { startTime = 0, endTime = Infinity }: HistoryQuery): boolean {
  return bar.openTime >= startTime && bar.openTime <= endTime;
}
