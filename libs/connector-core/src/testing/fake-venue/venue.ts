import { TransportError } from '../../errors.js';
import type { StreamRule } from '../../session/subscription.js';
import type { Instrument } from '../../source.js';
import type { Transport } from '../../transport/transport.js';
import { webSocketTransport } from '../../transport/web-socket.js';
import type { ResolvedSymbols, VenueLimits, Venue } from '../../venue.js';
import { FakeSession } from './session.js';

/**
 * Streams of the fake venue: two with contiguous ids (`book` in ranges), one with growing ids, one with growing times, one
 * with neither.
 */
export type FakeStream = 'trade' | 'book' | 'quote' | 'price' | 'bar';

/** Limits that no test comes near unless it means to. */
export const FAKE_LIMITS: VenueLimits = {
  messagesPerSecond: 1_000,
  streamsPerConnection: 100,
  connectionLifetimeMs: 3_600_000,
  silenceMs: 60_000,
};

/** Streams of the fake venue. */
export const FAKE_STREAMS: Readonly<Record<FakeStream, StreamRule>> = {
  trade: { sequence: 'contiguous', staleAfterMs: 60_000 },
  book: { sequence: 'contiguous', staleAfterMs: 60_000 },
  quote: { sequence: 'increasing', staleAfterMs: 60_000 },
  price: { sequence: 'time', staleAfterMs: 60_000 },
  bar: { sequence: 'none', staleAfterMs: 60_000 },
};

/** A venue that has the symbols of three equal letters (`AAA`, canonical `AAA/USD`) and no others. */
export function fakeVenue(
  url: string,
  resolve: Venue['resolve'] = resolveFake,
  transport: Transport<Buffer, string> = webSocketTransport('FAKE', url),
): Venue<Buffer, string> {
  return {
    name: 'FAKE',
    transport,
    hasSelfContainedFrames: true,
    limits: FAKE_LIMITS,
    streams: FAKE_STREAMS,
    resolve,
    openSession: (outlet) => new FakeSession(outlet),
  };
}

/** Looks symbols up in the fake venue. */
export function resolveFake(symbols: readonly string[], signal: AbortSignal): Promise<ResolvedSymbols> {
  if (signal.aborted) return Promise.reject(new TransportError('FAKE', 'aborted'));
  const names = symbols.map((symbol) => symbol.replace(/\/USD$/, ''));
  const isKnown = (name: string): boolean => /^([A-Z])\1\1$/.test(name);
  const rejected = names.filter((name) => !isKnown(name));
  return Promise.resolve({
    instruments: names.filter(isKnown).map(instrumentOf),
    rejected: rejected.map((symbol) => ({ symbol, reason: `FAKE has no symbol ${symbol}` })),
  });
}

function instrumentOf(venueSymbol: string): Instrument {
  return { symbol: `${venueSymbol}/USD`, venueSymbol, assetClass: 'CRYPTO' };
}
