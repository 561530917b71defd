import { describe, it } from '@jest/globals';
import {
  connectorConformance,
  type ConformanceSimulator,
  type ConformanceVenue,
} from '@autotrader/connector-core/testing';
import { IbkrConnector } from './connector.js';
import type { IbkrStream } from './streams.js';
import { startTwsSimulator, type TwsSimulator } from './testing/index.js';
import { frameOf } from './testing/wire.js';

interface TradingSimulator extends ConformanceSimulator {
  readonly venue: TwsSimulator;
}

/** A script in place of the market: trades of growing sizes. */
async function startSimulator(): Promise<TradingSimulator> {
  const venue = await startTwsSimulator({ market: false, tickByTickEveryMs: 0 });
  const sizes = new Map<string, number>();
  const trade = (symbol: string, count: number, isSent: boolean): void => {
    for (let left = count; left > 0; left--) {
      const size = (sizes.get(symbol) ?? 0) + 1;
      sizes.set(symbol, size);
      venue.market.trade(symbol, { price: 271.35, size }, isSent);
    }
  };
  return {
    venue,
    emit: (symbol, count) => trade(symbol, count, true),
    skip: (symbol, count) => trade(symbol, count, false),
    repeat: (symbol) => venue.market.trade(symbol, { price: 271.35, size: sizes.get(symbol) ?? 1 }),
    sendRaw: (frame) => venue.sendRaw(frame),
    cut: () => venue.faults.cut(),
    fallSilent: () => venue.faults.halfOpen(),
    setAnswering: (isAnswering) => venue.faults.setAnswering(isAnswering),
    stop: () => venue.stop(),
  };
}

const ibkr: ConformanceVenue<IbkrStream, TradingSimulator> = {
  name: 'IBKR',
  stream: 'Last',
  sequence: 'none',
  rollsOver: false,
  instruments: [
    { symbol: 'AAPL', venueSymbol: 'AAPL' },
    { symbol: 'MSFT', venueSymbol: 'MSFT' },
  ],
  unknownSymbol: 'NOSUCH',
  badFrame: frameOf(99, 1, 1, 'no time', 'no price'),
  startSimulator,
  createConnector: ({ venue: { host, port } }, options) =>
    new IbkrConnector({ streams: ['Last'], ...options, host, port, tickByTickEveryMs: 0, keepAliveMs: 20 }),
};

describe('the Interactive Brokers connector', () => connectorConformance({ it, venue: ibkr }));
