import type { Micros } from '@autotrader/schemas';
import type { DepthSnapshot } from '../depth-snapshot.js';
import type { SimulatedInstrument } from '../instrument.js';
import { EncodedEvent, type EventSink } from '../outgoing-event.js';
import { BarSeries } from './bars.js';
import { BookPublisher } from './book-publisher.js';
import { GeneratedHistory } from './generated-history.js';
import { InstrumentScales } from './instrument-scales.js';
import { KLINE_INTERVALS } from './kline-interval.js';
import { OrderBook } from './order-book.js';
import { OrderFlow } from './order-flow.js';
import { PayloadWriter } from './payloads.js';
import { exponential, hashOf, type Random, seededRandom } from './random.js';
import { TradePublisher } from './trade-publisher.js';

const MICROS_PER_SECOND = 1_000_000;
/** Depth streams tick ten times a second, on the clock. */
const GRID = 100_000;

export interface SymbolMarketSettings {
  readonly seed: number;
  readonly eventsPerSecond: number;
  readonly startTime: Micros;
}

/** One symbol's market on a timeline of its own, which is moved from event to event. */
export class SymbolMarket {
  readonly history: GeneratedHistory;
  readonly #scales: InstrumentScales;
  readonly #writer: PayloadWriter;
  readonly #random: Random;
  readonly #book: OrderBook;
  readonly #flow: OrderFlow;
  readonly #bookPublisher: BookPublisher;
  readonly #tradePublisher: TradePublisher;
  readonly #series: readonly BarSeries[];
  readonly #prefix: string;
  readonly #meanGap: Micros;
  #nextActionAt: Micros;
  #nextGridAt: Micros;

  constructor(
    instrument: SimulatedInstrument,
    settings: SymbolMarketSettings,
    private readonly sink: EventSink,
  ) {
    const { symbol } = instrument;
    this.#prefix = `${symbol.toLowerCase()}@`;
    this.#scales = new InstrumentScales(instrument);
    this.#writer = new PayloadWriter(symbol, this.#scales);
    this.#random = seededRandom(settings.seed, symbol);
    const base = hashOf(symbol);
    const ids = { trade: 1_000_000_000 + base, aggregate: 700_000_000 + base };
    this.#book = new OrderBook(50_000_000_000 + base);
    const startPrice = Math.max(1, this.#scales.price.countOf(instrument.price));
    this.#flow = new OrderFlow(this.#book, this.#random, startPrice);
    this.#series = KLINE_INTERVALS.map((each) => new BarSeries(each, settings.startTime, startPrice));
    this.history = new GeneratedHistory(this.#scales, this.#series);
    this.#bookPublisher = new BookPublisher(this.#prefix, this.#book, this.#writer, sink);
    this.#tradePublisher = new TradePublisher(
      this.#prefix,
      ids,
      this.#random,
      this.#writer,
      this.history,
      sink,
    );
    this.#meanGap = MICROS_PER_SECOND / settings.eventsPerSecond;
    this.#nextActionAt = settings.startTime + this.#gap();
    this.#nextGridAt = gridAfter(settings.startTime);
  }

  /** When the next order comes. */
  get nextActionAt(): Micros {
    return this.#nextActionAt;
  }

  /** When something happens next: an order, or a tick of the depth and kline streams. */
  get dueAt(): Micros {
    return Math.min(this.#nextActionAt, this.#nextGridAt);
  }

  /** The book as REST tells it. */
  depth(limit: number): DepthSnapshot {
    const { updateId, bids, asks } = this.#book;
    return {
      lastUpdateId: updateId,
      bids: this.#scales.levels(bids.top(limit)),
      asks: this.#scales.levels(asks.top(limit)),
    };
  }

  advanceTo(time: Micros): void {
    for (let due = this.dueAt; due <= time; due = this.dueAt)
      if (due === this.#nextGridAt) this.#tick(due);
      else this.#act(due);
  }

  /** Lets time pass without anything happening, as if the venue had slept. */
  skipTo(time: Micros): void {
    this.#nextActionAt = Math.max(this.#nextActionAt, time + this.#gap());
    this.#nextGridAt = Math.max(this.#nextGridAt, gridAfter(time));
  }

  #act(time: Micros): void {
    this.#nextActionAt = time + this.#gap();
    const order = this.#flow.act();
    if (order !== undefined) this.#tradePublisher.publish(order, time);
    this.#bookPublisher.publishBest();
  }

  #tick(time: Micros): void {
    this.#nextGridAt = time + GRID;
    this.#bookPublisher.publishDepth(time, '@100ms');
    if (time % MICROS_PER_SECOND !== 0) return;
    this.#bookPublisher.publishDepth(time, '');
    const isEvenSecond = time % (2 * MICROS_PER_SECOND) === 0;
    for (const series of this.#series) this.#publishBar(series, time, isEvenSecond);
  }

  /** A bar is pushed when it ends, and every 2 s (1s bars: every second) when trades came in. */
  #publishBar(series: BarSeries, time: Micros, isEvenSecond: boolean): void {
    const isDue = isEvenSecond || series.interval === '1s';
    const ended = series.roll(time);
    if (ended === undefined && !(isDue && series.takeNews())) return;
    const bar = ended ?? { ...series.current };
    this.sink.publish(
      new EncodedEvent(`${this.#prefix}kline_${series.interval}`, bar.openTime, (unit) =>
        this.#writer.kline(bar, ended !== undefined, time, unit),
      ),
    );
  }

  #gap(): Micros {
    if (this.#meanGap === Infinity) return Infinity;
    return Math.max(1, Math.round(exponential(this.#random, this.#meanGap)));
  }
}

function gridAfter(time: Micros): Micros {
  return time - (time % GRID) + GRID;
}
