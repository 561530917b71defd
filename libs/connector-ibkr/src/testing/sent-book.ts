import type { SentCount, SentTruth } from '@autotrader/connector-core/testing';
import type { Depth, Micros, OHLCV, Tick } from '@autotrader/schemas';

const MOST_TIMES = 65_536;

/** What was sent, and when, by what it says: the venue has no ids, and its times are seconds. */
export class SentBook implements SentTruth {
  readonly #counts = new Map<string, SentCount & { events: number; frames: number }>();
  /** Send times of each content, oldest first. */
  readonly #times = new Map<string, Micros[]>();

  record(venueSymbol: string, stream: string, content: readonly unknown[], at: Micros): void {
    const key = `${venueSymbol} ${stream}`;
    const count = this.#counts.get(key) ?? { venueSymbol, stream, events: 0, frames: 0 };
    this.#counts.set(key, { ...count, events: count.events + 1, frames: count.frames + 1 });
    const text = contentKey(venueSymbol, stream, content);
    const times = this.#times.get(text) ?? [];
    times.push(at);
    this.#times.delete(text);
    this.#times.set(text, times);
    if (this.#times.size > MOST_TIMES) this.#forgetOldest();
  }

  counts(): SentCount[] {
    return [...this.#counts.values()];
  }

  /** The oldest of what says the same and was not asked for before: so each is asked for once. */
  sentAt(event: Tick | Depth | OHLCV): Micros | undefined {
    const content = contentOf(event);
    return this.#times.get(contentKey(event.venueSymbol, event.stream, content))?.shift();
  }

  #forgetOldest(): void {
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}

function contentOf(event: Tick | Depth | OHLCV): readonly unknown[] {
  if (event.type === 'bar') return [event.openTime, event.open, event.close];
  if (event.type === 'depth') return [event.bids.length, event.asks.length];
  const { timestamp, kind, price, size, bid, ask, bidSize, askSize } = event;
  if (kind === 'trade') return [timestamp, price, size];
  return bid === undefined ? [timestamp, price] : [timestamp, bid, ask, bidSize, askSize];
}

function contentKey(venueSymbol: string, stream: string, content: readonly unknown[]): string {
  return `${venueSymbol} ${stream} ${content.join(' ')}`;
}
