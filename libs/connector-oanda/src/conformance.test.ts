import { describe, it } from '@jest/globals';
import {
  connectorConformance,
  type ConformanceSimulator,
  type ConformanceVenue,
} from '@autotrader/connector-core/testing';
import { OandaConnector } from './connector.js';
import type { OandaStream } from './streams.js';
import { type OandaSimulator, startOandaSimulator } from './testing/index.js';

interface QuotingSimulator extends ConformanceSimulator {
  readonly venue: OandaSimulator;
}

const FIRST_TIME = 1_795_361_400_000_000;

/** A script in place of the market: prices a millisecond apart. */
async function startSimulator(): Promise<QuotingSimulator> {
  const venue = await startOandaSimulator({ market: false, heartbeatMs: 20 });
  const counts = new Map<string, number>();
  const publish = (instrument: string, isSent: boolean): void => {
    const count = counts.get(instrument) ?? 0;
    counts.set(instrument, count + 1);
    const [bid, ask] = [(1 + count / 1e5).toFixed(5), (1.0002 + count / 1e5).toFixed(5)];
    const ladder = (price: string) => [{ price, liquidity: 1_000_000 }];
    venue.publish(
      {
        ...{ instrument, time: FIRST_TIME + count * 1_000, tradeable: true },
        ...{ bids: ladder(bid), asks: ladder(ask) },
      },
      isSent,
    );
  };
  const repeated = (instrument: string, times: number, isSent: boolean): void => {
    for (let left = times; left > 0; left--) publish(instrument, isSent);
  };
  return {
    venue,
    emit: (instrument, count) => repeated(instrument, count, true),
    skip: (instrument, count) => repeated(instrument, count, false),
    repeat: (instrument) => venue.repeat(instrument),
    sendRaw: (frame) => venue.sendRaw(Buffer.concat([frame, Buffer.from('\n')])),
    cut: () => venue.faults.cut(),
    fallSilent: () => venue.faults.halfOpen(),
    setAnswering: (isAnswering) => venue.faults.setAnswering(isAnswering),
    stop: () => venue.stop(),
  };
}

const oanda: ConformanceVenue<OandaStream, QuotingSimulator> = {
  name: 'OANDA',
  stream: 'price',
  sequence: 'time',
  instruments: [
    { symbol: 'EUR/USD', venueSymbol: 'EUR_USD' },
    { symbol: 'USD/JPY', venueSymbol: 'USD_JPY' },
  ],
  unknownSymbol: 'NOS_UCH',
  badFrame: Buffer.from('{"type":"PRICE","instrument":"EUR_USD"}'),
  startSimulator,
  createConnector: ({ venue: { url, apiKey, accountId } }, options) =>
    new OandaConnector({ ...options, apiKey, accountId, streamUrl: url, restUrl: url }),
};

describe('the Oanda connector', () => connectorConformance({ it, venue: oanda }));
