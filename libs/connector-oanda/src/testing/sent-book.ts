import type { SentCount, SentTruth } from '@autotrader/connector-core/testing';
import type { Depth, Micros, OHLCV, Tick } from '@autotrader/schemas';

interface Account {
  events: number;
  frames: number;
  last: Micros;
}

/** What was sent: prices of an instrument are told apart by their time, which only grows. */
export class SentBook implements SentTruth {
  readonly #accounts = new Map<string, Account>();

  record(instrument: string, time: Micros): void {
    const account = this.#accounts.get(instrument) ?? { events: 0, frames: 0, last: 0 };
    this.#accounts.set(instrument, account);
    account.frames++;
    if (time <= account.last) return;
    account.events++;
    account.last = time;
  }

  counts(): SentCount[] {
    return [...this.#accounts].map(([venueSymbol, { events, frames }]) => ({
      ...{ venueSymbol, stream: 'price', events, frames },
    }));
  }

  /** A price leaves when it is made, and carries that time. */
  sentAt({ timestamp }: Tick | Depth | OHLCV): Micros {
    return timestamp;
  }
}
