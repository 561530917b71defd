import type { Micros } from '@autotrader/schemas';
import type { Session, SessionOutlet } from '../../session/session.js';
import type { Subscription } from '../../session/subscription.js';
import { hand, parseEvent } from './wire.js';

/**
 * The protocol of a venue made up to try the connector on. We say `sub AAA.trade …` and `unsub AAA.trade …`; it says
 * `ack AAA.trade …`, `no AAA.trade`, `away 7 AAA.trade …` (nothing has come for these since 7), `less AAA.trade`, `bye`,
 * `fail`, and events (see `wire.ts`).
 */
export class FakeSession implements Session<Buffer> {
  readonly #subscriptions = new Map<string, Subscription>();
  /** Left off: what was on its way when we asked is no error. */
  readonly #left = new Set<string>();

  constructor(private readonly outlet: SessionOutlet<string>) {}

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.#subscriptions.set(nameOf(subscription), subscription);
    this.outlet.send(`sub ${subscriptions.map(nameOf).join(' ')}`);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#subscriptions.delete(nameOf(subscription));
      this.#left.add(nameOf(subscription));
    }
    this.outlet.send(`unsub ${subscriptions.map(nameOf).join(' ')}`);
  }

  receive(frame: Buffer, receivedAt: Micros): void {
    const text = frame.toString();
    const event = parseEvent(text);
    const subscription = event === undefined ? undefined : this.#subscriptions.get(event.name);
    if (event !== undefined && subscription !== undefined) hand(this.outlet, subscription, event, receivedAt);
    else if (event !== undefined && this.#left.has(event.name)) return;
    else if (!this.#hear(text)) this.outlet.quarantine('not a frame of this venue', frame, receivedAt);
  }

  #hear(text: string): boolean {
    const [word, ...names] = text.split(' ');
    const subscriptions = names.flatMap((name) => this.#subscriptions.get(name) ?? []);
    if (word === 'ack') this.outlet.acknowledged(subscriptions);
    else if (word === 'no') this.outlet.rejected(subscriptions, `FAKE refused ${names.join(', ')}`);
    else if (word === 'away') this.outlet.interrupted(subscriptions, Number(names[0]), 'the venue said away');
    else if (word === 'less')
      for (const subscription of subscriptions) this.outlet.degraded(subscription, 'the venue said less');
    else if (word === 'bye') this.outlet.rollOver('the venue said bye');
    else if (word === 'fail') this.outlet.fail('the venue said fail');
    else if (word === 'crash') throw new Error('a bug in the session');
    else return false;
    return true;
  }
}

function nameOf({ source }: Subscription): string {
  return `${source.venueSymbol}.${source.stream}`;
}
