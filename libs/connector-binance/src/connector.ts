import {
  type ConnectorOptions,
  MarketDataConnector,
  type Venue,
  webSocketTransport,
} from '@autotrader/connector-core';
import { addressesOf, type BinanceHostName } from './hosts.js';
import { BinanceSession } from './session.js';
import { type BinanceStream, STREAM_RULES } from './streams.js';
import { resolveSymbols } from './symbols.js';
import { VENUE } from './venue-name.js';

/** What a {@link BinanceConnector} can be told. */
export interface BinanceConnectorOptions extends ConnectorOptions<BinanceStream> {
  /** Which Binance; `live` by default. */
  readonly host?: BinanceHostName;
  /** Address of the WebSocket without the venue's path (`wss://…`), in place of the host's. */
  readonly wsUrl?: string | undefined;
  /** Address of the REST API without the venue's path (`https://…`), in place of the host's. */
  readonly restUrl?: string | undefined;
  /** A connection is replaced, with overlap, when it is this old, in milliseconds; 23 hours 50 minutes by default. */
  readonly connectionLifetimeMs?: number;
}

const DEFAULT_STREAMS: readonly BinanceStream[] = ['trade', 'depth20'];

/** The venue ends a connection after 24 hours. */
const CONNECTION_LIFETIME_MS = (23 * 60 + 50) * 60_000;

/**
 * Live market data of Binance spot.
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 *
 * @example
 * const connector = new BinanceConnector({ symbols: ['BTCUSDT'], streams: ['trade'] });
 * connector.on('tick', (tick) => console.log(`${tick.symbol} @ ${tick.price}`));
 * await connector.start();
 */
export class BinanceConnector extends MarketDataConnector {
  /** @throws RangeError when an option cannot be meant, such as a host that does not exist: one line that names it. */
  constructor(options: BinanceConnectorOptions) {
    super(binanceVenue(options), { ...options, streams: options.streams ?? DEFAULT_STREAMS });
  }
}

/** What of the options makes the venue. */
type VenueOptions = Pick<BinanceConnectorOptions, 'host' | 'wsUrl' | 'restUrl' | 'connectionLifetimeMs'>;

/**
 * Binance as connector-core wants it declared.
 * @throws RangeError when the options name a host or an address that is none.
 */
export function binanceVenue(options: VenueOptions): Venue<Buffer, string> {
  const { host = 'live', connectionLifetimeMs = CONNECTION_LIFETIME_MS } = options;
  const { wsUrl, restUrl } = addressesOf(host, options);
  return {
    name: VENUE,
    hasSelfContainedFrames: true,
    transport: webSocketTransport(VENUE, `${wsUrl}/stream?timeUnit=MICROSECOND`),
    // Five messages a second are allowed, and our answer to a ping counts as one.
    limits: { messagesPerSecond: 4, streamsPerConnection: 1024, connectionLifetimeMs, silenceMs: 60_000 },
    streams: STREAM_RULES,
    resolve: (symbols, signal) => resolveSymbols(restUrl, symbols, signal),
    openSession: (outlet) => new BinanceSession(outlet),
  };
}
