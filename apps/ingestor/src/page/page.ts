import type { MarketDataConnector } from '@autotrader/connector-core';
import type { Tick } from '@autotrader/schemas';
import type { Routes } from '../http/server.js';
import type { Store } from '../record/store.js';
import { EventStream } from './event-stream.js';
import { LastTicks } from './last-ticks.js';
import { LiveState, type PageState } from './live-state.js';
import { pageRoutes } from './routes.js';

/** What the page is told once a second. */
export interface PageUpdate extends PageState {
  /** The newest ticks, oldest first. */
  readonly ticks: readonly TickView[];
}

/** A tick, as the page shows it. */
export type TickView = Pick<
  Tick,
  'venue' | 'symbol' | 'stream' | 'kind' | 'timestamp' | 'price' | 'size' | 'side'
> & {
  readonly bid: number | null;
  readonly ask: number | null;
};

/** The live page of a recording. */
export class LivePage {
  readonly routes: Routes;
  readonly #events: EventStream;

  constructor(connectors: ReadonlyMap<string, MarketDataConnector>, store: () => Store | undefined) {
    const state = new LiveState(connectors, store);
    const ticks = new LastTicks(connectors.values());
    const tell = (): PageUpdate => ({ ...state.look(), ticks: ticks.read().map(viewOf) });
    this.#events = new EventStream(tell);
    this.routes = pageRoutes({ store, events: this.#events });
  }

  /** Nobody is told anything more. */
  close(): void {
    this.#events.close();
  }
}

function viewOf(tick: Tick): TickView {
  const { venue, symbol, stream, kind, timestamp, price, size, side, bid = null, ask = null } = tick;
  return { venue, symbol, stream, kind, timestamp, price, size, side, bid, ask };
}
