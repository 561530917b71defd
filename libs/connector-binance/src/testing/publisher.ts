import type { Clock } from '@autotrader/connector-core';
import type { DataFaults, EventFate } from './faults/data-faults.js';
import type { EventSink, OutgoingEvent } from './outgoing-event.js';
import type { SentBook } from './sent-ledger.js';

/** A connection as the publisher sees it. */
export interface Subscriber {
  /** False when nothing was sent: the connection is closing, or frozen. */
  sendEvent(event: OutgoingEvent): boolean;
  flush(): void;
}

/** Knows who has subscribed to what, and sends each event to them, past the faults and into the ledger. */
export class Publisher implements EventSink, EventFate {
  readonly #streams = new Map<string, Set<Subscriber>>();
  readonly #unflushed = new Set<Subscriber>();
  #waiting: { readonly streams: readonly string[]; readonly resolve: () => void }[] = [];

  constructor(
    private readonly faults: DataFaults,
    private readonly sent: SentBook,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  subscribe(subscriber: Subscriber, streams: Iterable<string>): void {
    for (const stream of streams) {
      const subscribers = this.#streams.get(stream) ?? new Set();
      this.#streams.set(stream, subscribers.add(subscriber));
    }
    const isReady = ({ streams: wanted }: { streams: readonly string[] }): boolean => this.#areWanted(wanted);
    for (const { resolve } of this.#waiting.filter(isReady)) resolve();
    this.#waiting = this.#waiting.filter((waiting) => !isReady(waiting));
  }

  unsubscribe(subscriber: Subscriber, streams: Iterable<string>): void {
    for (const stream of streams) {
      const subscribers = this.#streams.get(stream);
      subscribers?.delete(subscriber);
      if (subscribers?.size === 0) this.#streams.delete(stream);
    }
  }

  /** Resolves once each of the streams has a subscriber. */
  subscribed(streams: readonly string[]): Promise<void> {
    if (this.#areWanted(streams)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ streams, resolve }));
  }

  isWanted(stream: string): boolean {
    return this.#streams.has(stream);
  }

  publish(event: OutgoingEvent): void {
    if (this.faults.isIdle) this.deliver(event);
    else this.faults.pass(event, this);
  }

  deliver(event: OutgoingEvent): void {
    const subscribers = this.#streams.get(event.stream);
    if (subscribers === undefined) return;
    let isSent = false;
    for (const subscriber of subscribers) {
      if (!subscriber.sendEvent(event)) continue;
      this.#unflushed.add(subscriber);
      isSent = true;
    }
    if (isSent) this.sent.record(event.stream, event.id, this.clock.now());
  }

  skip(event: OutgoingEvent): void {
    this.sent.recordSkipped(event.stream, event.id);
  }

  flush(): void {
    for (const subscriber of this.#unflushed) subscriber.flush();
    this.#unflushed.clear();
  }

  #areWanted(streams: readonly string[]): boolean {
    return streams.every((stream) => this.isWanted(stream));
  }
}
