import { type Span, portionsOf, type SymbolMinutes } from './spans.js';
import type { Copies, LosingMinute } from './superseded.js';
import type { TouchedInterval } from './touched.js';

/** What is to be looked at again: many intervals that say the same become one. */
export class Work {
  readonly #bars = new Map<string, SymbolMinutes & { minutes: Set<number> }>();
  readonly #copies = new Map<string, Copies[]>();

  add(interval: TouchedInterval): void {
    const { venue, symbol, priceType, fromMinute, toMinute, toId } = interval;
    if (toId > 0) this.#addCopies(interval);
    if (priceType === 'none') return;
    const minutes = this.#minutesOf(venue, symbol, priceType);
    for (let minute = fromMinute; minute <= toMinute; minute++) minutes.add(minute);
  }

  /** A minute that lost ticks. */
  addLosing({ venue, symbol, kind, losing }: LosingMinute): void {
    if (kind !== '') this.#minutesOf(venue, symbol, kind === 'trade' ? 'trade' : 'mid').add(losing);
  }

  /** The bars to be computed anew, in portions for one statement each. */
  portions(): Span[][] {
    return portionsOf([...this.#bars.values()]);
  }

  /** Rows of a table of which copies may lie in other minutes, in portions for one statement each. */
  copies(table: Copies['table']): Copies[][] {
    const all = [...this.#copies.values()].flat().filter((each) => each.table === table);
    const portions: Copies[][] = [];
    for (let first = 0; first < all.length; first += MOST_COPIES)
      portions.push(all.slice(first, first + MOST_COPIES));
    return portions;
  }

  #minutesOf(venue: string, symbol: string, priceType: 'trade' | 'mid'): Set<number> {
    const key = JSON.stringify([venue, symbol, priceType]);
    const known = this.#bars.get(key) ?? { venue, symbol, priceType, minutes: new Set<number>() };
    this.#bars.set(key, known);
    return known.minutes;
  }

  /** Batches follow one another in time, so the last one seen is the one to widen. */
  #addCopies({ table, venue, symbol, stream, ...range }: TouchedInterval): void {
    const key = JSON.stringify([table, venue, symbol, stream]);
    const known = this.#copies.get(key) ?? [];
    this.#copies.set(key, known);
    const last = known.at(-1);
    const { fromMinute, toMinute, fromId, toId } = range;
    if (last === undefined || fromMinute > last.toMinute + 1 || toMinute < last.fromMinute - 1) {
      known.push({ table, venue, symbol, stream, fromMinute, toMinute, fromId, toId });
      return;
    }
    known[known.length - 1] = {
      ...last,
      fromMinute: Math.min(fromMinute, last.fromMinute),
      toMinute: Math.max(toMinute, last.toMinute),
      fromId: Math.min(fromId, last.fromId),
      toId: Math.max(toId, last.toId),
    };
  }
}

/** As many symbols as one statement is given. */
const MOST_COPIES = 50;
