import type { Micros } from '@autotrader/schemas';
import type { SessionOutlet } from '../../session/session.js';
import type { Subscription } from '../../session/subscription.js';

/** An event of the fake venue: `AAA.trade 7 7 1700000000000000 1.5`. */
export interface FakeEvent {
  /** Symbol and stream. */
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly timestamp: Micros;
  readonly price: number;
}

/** The frame of an event. */
export function frameOf({ name, first, last, timestamp, price }: FakeEvent): string {
  return [name, first, last, timestamp, price].join(' ');
}

/** The event of a frame; `undefined` when it is not one. */
export function parseEvent(frame: string): FakeEvent | undefined {
  const match = /^(\S+) (\d+) (\d+) (\d+) ([\d.]+)$/.exec(frame);
  if (match === null) return undefined;
  const [, name = '', ...numbers] = match;
  const [first = NaN, last = NaN, timestamp = NaN, price = NaN] = numbers.map(Number);
  return { name, first, last, timestamp, price };
}

/** Hands the canonical event on; the stream tells which it is. */
export function hand(
  outlet: SessionOutlet,
  subscription: Subscription,
  { first, last, timestamp, price }: FakeEvent,
  receivedAt: Micros,
): void {
  const { source } = subscription;
  const times = { timestamp, receivedAt };
  switch (source.stream) {
    case 'book': {
      const ids = { firstSequenceId: first, sequenceId: last };
      const levels = { isSnapshot: false, bids: [{ price, size: 1 }], asks: [] };
      return outlet.depth(subscription, { type: 'depth', ...source, ...times, ...ids, ...levels });
    }
    case 'bar': {
      const prices = { open: price, high: price, low: price, close: price, volume: 1 };
      const interval = { interval: '1m', priceType: 'trade', openTime: timestamp, isClosed: true } as const;
      return outlet.bar(subscription, { type: 'bar', ...source, ...times, ...interval, ...prices });
    }
    default: {
      const kind = source.stream === 'trade' ? 'trade' : 'quote';
      const id = source.stream === 'price' ? {} : { sequenceId: last };
      const trade = { kind, price, size: 1, side: 'UNKNOWN', ...id } as const;
      return outlet.tick(subscription, { type: 'tick', ...source, ...times, ...trade });
    }
  }
}
