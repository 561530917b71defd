import type { AssetClass, Micros } from '@autotrader/schemas';
import { type StreamPosition, type StreamRule, Subscription } from '../session/subscription.js';
import type { Source } from '../source.js';

/** Counts of subscriptions that were left off, by stream and asset class: a total never goes down. */
export interface StreamTotals {
  readonly stream: string;
  readonly assetClass: AssetClass;
  readonly events: number;
  readonly duplicates: number;
  readonly gaps: number;
  readonly healed: number;
}

/** What a connector is subscribed to, and where in the list of sources each of them stands. */
export class SubscriptionList {
  /** Every source there ever was; what the columns call `source` points into it. */
  readonly sources: Source[] = [];
  readonly #places = new Map<string, number>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #left = new Map<string, StreamTotals>();

  /** Counts of what was left off, by stream and asset class. */
  get left(): readonly StreamTotals[] {
    return [...this.#left.values()];
  }

  [Symbol.iterator](): Iterator<Subscription> {
    return this.#subscriptions.values();
  }

  /** The subscription of this source; a new one if there is none, or if the venue refused it before. */
  add(source: Source, rule: StreamRule, now: Micros, position?: StreamPosition): Subscription {
    const known = this.#subscriptions.get(keyOf(source));
    if (known !== undefined && known.state !== 'rejected') return known;
    if (known !== undefined) this.remove(known);
    const subscription = new Subscription(this.#placeOf(source), source, rule, now);
    if (position !== undefined) subscription.resume(position);
    this.#subscriptions.set(keyOf(source), subscription);
    return subscription;
  }

  has(subscription: Subscription): boolean {
    return this.#subscriptions.get(keyOf(subscription.source)) === subscription;
  }

  remove(subscription: Subscription): void {
    if (!this.#subscriptions.delete(keyOf(subscription.source))) return;
    const { stream, assetClass } = subscription.source;
    const key = `${stream} ${assetClass}`;
    const { events = 0, duplicates = 0, gaps = 0, healed = 0 } = this.#left.get(key) ?? {};
    this.#left.set(key, {
      stream,
      assetClass,
      events: events + subscription.events,
      duplicates: duplicates + subscription.duplicates,
      gaps: gaps + subscription.gaps,
      healed: healed + subscription.healed,
    });
  }

  /** Those of these symbols, by the venue's name or the canonical one, in letters of any case. */
  named(symbols: readonly string[]): Subscription[] {
    const names = new Set(symbols.map((symbol) => symbol.trim().toUpperCase()));
    return [...this.#subscriptions.values()].filter(
      ({ source }) => names.has(source.symbol.toUpperCase()) || names.has(source.venueSymbol.toUpperCase()),
    );
  }

  #placeOf(source: Source): number {
    const key = `${keyOf(source)} ${source.symbol} ${source.assetClass}`;
    const place = this.#places.get(key) ?? this.sources.push(source) - 1;
    this.#places.set(key, place);
    return place;
  }
}

function keyOf({ venueSymbol, stream }: Source): string {
  return `${venueSymbol} ${stream}`;
}
