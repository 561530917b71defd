import type { MarketDataConnector } from '@autotrader/connector-core';
import type { Tick } from '@autotrader/schemas';

const KEPT = 20;

/** The last ticks of all venues. They are kept as they are, so a tick costs a place in a ring and no more. */
export class LastTicks {
  readonly #ring: Tick[] = [];
  #count = 0;

  constructor(connectors: Iterable<Pick<MarketDataConnector, 'on'>>) {
    const keep = (tick: Tick): void => {
      this.#ring[this.#count++ % KEPT] = tick;
    };
    for (const connector of connectors) connector.on('tick', keep);
  }

  /** Oldest first. */
  read(): Tick[] {
    const next = this.#count % KEPT;
    return this.#count < KEPT ? [...this.#ring] : [...this.#ring.slice(next), ...this.#ring.slice(0, next)];
  }
}
