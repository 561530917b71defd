import type { Micros } from '@autotrader/schemas';
import { EncodedEvent, type EventSink } from '../outgoing-event.js';
import type { GeneratedHistory } from './generated-history.js';
import type { TakerOrder } from './order-flow.js';
import type { MarketAggregate, MarketTrade, PayloadWriter } from './payloads.js';
import type { Random } from './random.js';

const MICROS_PER_SECOND = 1_000_000;
/** A trade is published 40 to 400 microseconds after it was matched. */
const PUBLISHED_AFTER = { least: 40, spread: 360 };

/** The latest ids that were given out. */
export interface TradeIds {
  readonly trade: number;
  readonly aggregate: number;
}

/** Turns fills into trade and aggTrade events, with ids that grow by one. */
export class TradePublisher {
  #tradeId: number;
  #aggregateId: number;
  #lastTradeTime = 0;

  constructor(
    private readonly prefix: string,
    ids: TradeIds,
    private readonly random: Random,
    private readonly writer: PayloadWriter,
    private readonly history: GeneratedHistory,
    private readonly sink: EventSink,
  ) {
    this.#tradeId = ids.trade;
    this.#aggregateId = ids.aggregate;
  }

  /** Each fill is a trade; the fills at one price are an aggregate, published after them. */
  publish({ fills, isBuyerMaker }: TakerOrder, publishedAt: Micros): void {
    const time = this.#matchTime(publishedAt);
    let [firstId, sum] = [this.#tradeId + 1, 0];
    fills.forEach(({ price, quantity }, index) => {
      this.#tradeId += 1;
      sum += quantity;
      this.#publishTrade({ id: this.#tradeId, price, quantity, time, isBuyerMaker }, publishedAt);
      if (fills[index + 1]?.price === price) return;
      this.#aggregateId += 1;
      const ids = { id: this.#aggregateId, firstId, lastId: this.#tradeId };
      this.#publishAggregate({ ...ids, price, quantity: sum, time, isBuyerMaker }, publishedAt);
      [firstId, sum] = [this.#tradeId + 1, 0];
    });
  }

  #publishTrade(trade: MarketTrade, publishedAt: Micros): void {
    this.history.addTrade(trade);
    const stream = `${this.prefix}trade`;
    this.sink.publish(
      new EncodedEvent(stream, trade.id, (unit) => this.writer.trade(trade, publishedAt, unit)),
    );
  }

  #publishAggregate(trade: MarketAggregate, publishedAt: Micros): void {
    this.history.addAggregate(trade);
    const stream = `${this.prefix}aggTrade`;
    this.sink.publish(
      new EncodedEvent(stream, trade.id, (unit) => this.writer.aggregate(trade, publishedAt, unit)),
    );
  }

  /** Never before the last trade, nor in another second than the publication: the bars close on the second. */
  #matchTime(publishedAt: Micros): Micros {
    const delay = PUBLISHED_AFTER.least + Math.floor(this.random() * PUBLISHED_AFTER.spread);
    const second = publishedAt - (publishedAt % MICROS_PER_SECOND);
    this.#lastTradeTime = Math.max(publishedAt - delay, second, this.#lastTradeTime);
    return this.#lastTradeTime;
  }
}
