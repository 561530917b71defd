import { describe, it } from '@jest/globals';
import { MarketDataConnector } from '../../connector/connector.js';
import type { StreamRule } from '../../session/subscription.js';
import { FakeServer } from '../fake-venue/server.js';
import { type FakeStream, fakeVenue } from '../fake-venue/venue.js';
import { connectorConformance } from './conformance.js';
import type { ConformanceSimulator, ConformanceVenue } from './venue.js';

/** The fake server, on one of its streams. */
interface FakeSimulator extends ConformanceSimulator {
  readonly url: string;
}

async function startSimulator(stream: FakeStream): Promise<FakeSimulator> {
  const server = await FakeServer.start();
  const nameOf = (venueSymbol: string): string => `${venueSymbol}.${stream}`;
  return {
    url: server.url,
    emit: (venueSymbol, count) => server.emit(nameOf(venueSymbol), count),
    skip: (venueSymbol, count) => server.skip(nameOf(venueSymbol), count),
    repeat: (venueSymbol) => server.repeat(nameOf(venueSymbol)),
    sendRaw: (frame) => server.say(frame),
    cut: () => server.cut(),
    fallSilent: () => server.forget(),
    setAnswering: (isAnswering) => (server.isAnswering = isAnswering),
    stop: () => server.stop(),
  };
}

function conformanceOf(
  stream: FakeStream,
  sequence: StreamRule['sequence'],
): ConformanceVenue<FakeStream, FakeSimulator> {
  return {
    name: 'FAKE',
    stream,
    sequence,
    instruments: [
      { symbol: 'AAA/USD', venueSymbol: 'AAA' },
      { symbol: 'BBB/USD', venueSymbol: 'BBB' },
    ],
    unknownSymbol: 'NONE',
    badFrame: Buffer.from('nonsense'),
    startSimulator: () => startSimulator(stream),
    createConnector: ({ url }, options) =>
      new MarketDataConnector(fakeVenue(url), { streams: [stream], ...options }),
  };
}

describe.each([
  ['trade', 'contiguous'],
  ['book', 'contiguous'],
  ['quote', 'increasing'],
  ['bar', 'none'],
] as const)('the connector on the %s of the fake venue', (stream, sequence) => {
  connectorConformance({ it, venue: conformanceOf(stream, sequence) });
});
