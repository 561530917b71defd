import type { Subscription } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { type Contract, TickByTickDataType, WhatToShow } from '@stoqey/ib';
import type { Call, Calls } from './calls.js';
import { ContentIds } from './content-id.js';
import { Ladder } from './ladder.js';
import { MarketDataBoard } from './market-data.js';
import { isTickByTick } from './streams.js';

const DEPTH_ROWS = 10;
const BAR_SECONDS = 5;

/** By which request a stream is served: tick by tick, or for lack of that by streamed market data. */
export type Feed = 'tickByTick' | 'marketData' | 'realTimeBars' | 'depth';

/** The feed that a stream asks for first. */
export function feedOf(stream: string, isDelayed: boolean): Feed {
  if (isTickByTick(stream)) return isDelayed ? 'marketData' : 'tickByTick';
  return stream === 'realTimeBars' || stream === 'depth' ? stream : 'marketData';
}

/** One request of ours that runs, and what is remembered of its answers. */
export class StreamRequest {
  /** The venue shows what is some fifteen minutes old. */
  isDelayed = false;
  /** Since when it waits for data that another session has taken, our clock, microseconds; 0: it does not. */
  waitingSince: Micros = 0;
  readonly contentIds: ContentIds;
  readonly board = new MarketDataBoard();
  readonly bids = new Ladder();
  readonly asks = new Ladder();

  constructor(
    readonly id: number,
    readonly subscription: Subscription,
    readonly contract: Contract,
    readonly feed: Feed,
    contentIds = new ContentIds(),
  ) {
    this.contentIds = contentIds;
  }

  /** It has no trades: currencies and crypto are quoted, indices computed. */
  get isOfMids(): boolean {
    return this.subscription.source.assetClass === 'FOREX';
  }

  /** The venue sends the whole ladder anew. */
  clearLadder(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** The calls that ask for it. */
  ask(): Calls {
    const { id, contract, subscription } = this;
    switch (this.feed) {
      case 'tickByTick': {
        const { stream } = subscription.source;
        const type = TickByTickDataType[isTickByTick(stream) ? stream : 'Last'];
        const call: Call = ['reqTickByTickData', id, contract, type, 0, false];
        return contract.conId === undefined ? { calls: [call] } : { calls: [call], pacedBy: contract.conId };
      }
      case 'marketData':
        return { calls: [['reqMktData', id, contract, '', false, false]] };
      case 'realTimeBars': {
        const what = this.isOfMids ? WhatToShow.MIDPOINT : WhatToShow.TRADES;
        return { calls: [['reqRealTimeBars', id, contract, BAR_SECONDS, what, false]] };
      }
      case 'depth':
        return { calls: [['reqMktDepth', id, contract, DEPTH_ROWS, this.#isSmart]] };
    }
  }

  /** The call that ends it. */
  cancel(): Calls {
    const { id } = this;
    const calls: Readonly<Record<Feed, Call>> = {
      tickByTick: ['cancelTickByTickData', id],
      marketData: ['cancelMktData', id],
      realTimeBars: ['cancelRealTimeBars', id],
      depth: ['cancelMktDepth', id, this.#isSmart],
    };
    return { calls: [calls[this.feed]] };
  }

  get #isSmart(): boolean {
    return this.contract.exchange === 'SMART';
  }
}
