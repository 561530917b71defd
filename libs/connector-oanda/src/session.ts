import {
  firstIssue,
  oneLine,
  parseJsonFrame,
  type Session,
  type SessionOutlet,
  type Subscription,
} from '@autotrader/connector-core';
import { isExactDecimal, type Micros } from '@autotrader/schemas';
import { priceTick } from './normalize.js';
import { WireHeartbeat, WirePrice } from './protocol.js';

/** No line of the venue is nearly as long: a ladder has a few steps. */
export const MOST_LINE_BYTES = 1024 * 1024;

/**
 * One pricing stream: its request names the instruments, and the first line is the agreement to all of them.
 * https://developer.oanda.com/rest-live-v20/pricing-ep/
 */
export class OandaSession implements Session<Buffer> {
  readonly #subscriptions = new Map<string, Subscription>();
  /** Left off; the stream goes on with them until it is made anew. */
  readonly #left = new Set<string>();
  #awaited: readonly Subscription[] = [];

  constructor(private readonly outlet: SessionOutlet<never>) {}

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions)
      this.#subscriptions.set(subscription.source.venueSymbol, subscription);
    this.#awaited = subscriptions;
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const { source } of subscriptions) {
      this.#subscriptions.delete(source.venueSymbol);
      this.#left.add(source.venueSymbol);
    }
    this.#awaited = this.#awaited.filter((subscription) => !subscriptions.includes(subscription));
  }

  receive(line: Buffer, receivedAt: Micros): void {
    const reason = this.#read(line, receivedAt);
    if (reason !== undefined) this.outlet.quarantine(oneLine(reason), line, receivedAt);
  }

  /** @returns what is wrong with the line, or `undefined` when nothing is. */
  #read(line: Buffer, receivedAt: Micros): string | undefined {
    if (line.length > MOST_LINE_BYTES)
      return `longer than any line of the venue: its first ${MOST_LINE_BYTES} bytes`;
    const read = parseJsonFrame(line);
    if ('wrong' in read) return read.wrong;
    const { message } = read;
    if ('type' in message && message.type === 'HEARTBEAT') return this.#receiveHeartbeat(message);
    const price = WirePrice.safeParse(message);
    return price.success ? this.#receivePrice(price.data, receivedAt) : firstIssue(price.error);
  }

  #receiveHeartbeat(message: object): string | undefined {
    const heartbeat = WireHeartbeat.safeParse(message);
    if (!heartbeat.success) return firstIssue(heartbeat.error);
    this.#agree();
    return undefined;
  }

  #receivePrice(wire: WirePrice, receivedAt: Micros): string | undefined {
    const subscription = this.#subscriptions.get(wire.instrument);
    if (subscription === undefined)
      return this.#left.has(wire.instrument) ? undefined : `not subscribed: ${wire.instrument.slice(0, 64)}`;
    const tick = priceTick(wire, subscription.source, receivedAt);
    if (tick === undefined) return 'neither bid nor ask';
    this.#agree();
    const inexact = [...wire.bids, ...wire.asks].find(({ price }) => !isExactDecimal(price));
    if (inexact !== undefined) this.outlet.precisionLost(subscription, inexact.price);
    this.outlet.tick(subscription, tick);
    return undefined;
  }

  #agree(): void {
    if (this.#awaited.length === 0) return;
    const agreed = this.#awaited;
    this.#awaited = [];
    this.outlet.acknowledged(agreed);
  }
}
