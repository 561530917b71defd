import type { Micros } from '@autotrader/schemas';
import { EncodedEvent, type EventSink } from '../outgoing-event.js';
import { DepthChanges } from './depth-changes.js';
import type { OrderBook } from './order-book.js';
import type { PayloadWriter } from './payloads.js';

const PARTIAL_DEPTHS = [5, 10, 20];

/** How often a depth stream ticks, as its name's end says: every 100 ms, or every second. */
type Cadence = '@100ms' | '';

/** Turns changes of a book into bookTicker, partial depth and diff depth events. */
export class BookPublisher {
  readonly #changes: Record<Cadence, DepthChanges>;
  readonly #publishedId: Record<Cadence, number>;
  #best = '';

  constructor(
    private readonly prefix: string,
    private readonly book: OrderBook,
    private readonly writer: PayloadWriter,
    private readonly sink: EventSink,
  ) {
    this.#changes = { '@100ms': new DepthChanges(book), '': new DepthChanges(book) };
    this.#publishedId = { '@100ms': book.updateId, '': book.updateId };
  }

  /** A bookTicker, if price or quantity at the best bid or ask has changed. */
  publishBest(): void {
    const { bids, asks } = this.book;
    const best = `${bids.priceAt(0)} ${bids.quantityAt(0)} ${asks.priceAt(0)} ${asks.quantityAt(0)}`;
    if (best === this.#best) return;
    this.#best = best;
    const text = this.writer.bookTicker(this.book);
    this.sink.publish(new EncodedEvent(`${this.prefix}bookTicker`, this.book.updateId, () => text));
  }

  /** The top levels and the changes, if there were any since the last tick of this cadence. */
  publishDepth(time: Micros, cadence: Cadence): void {
    const { updateId } = this.book;
    if (updateId === this.#publishedId[cadence]) return;
    this.#publishedId[cadence] = updateId;
    for (const levels of PARTIAL_DEPTHS) this.#publishPartial(levels, cadence);
    const change = this.#changes[cadence].take();
    if (change === undefined) return;
    const { writer } = this;
    this.sink.publish(
      new EncodedEvent(`${this.prefix}depth${cadence}`, change.lastId, (unit) =>
        writer.depthUpdate(change, time, unit),
      ),
    );
  }

  /** Written at once or never: an event that is held back must not show a later book. */
  #publishPartial(levels: number, cadence: Cadence): void {
    const stream = `${this.prefix}depth${levels}${cadence}`;
    if (!this.sink.isWanted(stream)) return;
    const text = this.writer.partialDepth(this.book, levels);
    this.sink.publish(new EncodedEvent(stream, this.book.updateId, () => text));
  }
}
