import { describe, it } from '@jest/globals';
import {
  connectorConformance,
  type ConformanceSimulator,
  type ConformanceVenue,
} from '@autotrader/connector-core/testing';
import { BinanceConnector } from './connector.js';
import { type BinanceStream, wireName } from './streams.js';
import { type BinanceSimulator, startBinanceSimulator } from './testing/index.js';

interface TradingSimulator extends ConformanceSimulator {
  readonly venue: BinanceSimulator;
}

const FIRST_ID = 5_312_345_678;
const FIRST_TIME = 1_795_361_400_000_000;

/** A script in place of the market: one trade of each id, a millisecond apart. */
async function startSimulator(): Promise<TradingSimulator> {
  const venue = await startBinanceSimulator({ symbols: ['BTCUSDT', 'ETHUSDT'], market: false });
  const nextIds = new Map<string, number>();
  const nextId = (symbol: string): number => nextIds.get(symbol) ?? FIRST_ID;
  const send = (symbol: string, id: number): void => {
    const time = FIRST_TIME + (id - FIRST_ID) * 1_000;
    venue.send(wireName(symbol, 'trade'), {
      ...{
        e: 'trade',
        E: time + 123,
        s: symbol,
        t: id,
        p: '84215.37000000',
        q: '0.00119000',
        T: time,
        m: true,
        M: true,
      },
    });
  };
  return {
    venue,
    emit: (symbol, count) => {
      for (let id = nextId(symbol); id < nextId(symbol) + count; id++) send(symbol, id);
      nextIds.set(symbol, nextId(symbol) + count);
    },
    skip: (symbol, count) => nextIds.set(symbol, nextId(symbol) + count),
    repeat: (symbol) => send(symbol, nextId(symbol) - 1),
    sendRaw: (frame) => venue.sendRaw(frame, { as: 'text' }),
    cut: () => venue.faults.cut(),
    fallSilent: () => venue.faults.halfOpen(true),
    setAnswering: (isAnswering) => venue.faults.neverAck(!isAnswering),
    stop: () => venue.stop(),
  };
}

const binance: ConformanceVenue<BinanceStream, TradingSimulator> = {
  name: 'BINANCE',
  stream: 'trade',
  sequence: 'contiguous',
  instruments: [
    { symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT' },
    { symbol: 'ETH/USDT', venueSymbol: 'ETHUSDT' },
  ],
  unknownSymbol: 'NOSUCHUSDT',
  badFrame: Buffer.from('{"stream":"btcusdt@trade","data":{"e":"trade"}}'),
  startSimulator,
  createConnector: ({ venue: { wsUrl, restUrl } }, options) =>
    new BinanceConnector({ streams: ['trade'], ...options, wsUrl, restUrl }),
};

describe('the Binance connector', () => connectorConformance({ it, venue: binance }));
