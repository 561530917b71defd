import { baseUrl } from '@autotrader/connector-core';

/** Where a Binance is: its market streams and its REST API. */
export interface BinanceHost {
  /** Address of the WebSocket, without a path. */
  readonly wsUrl: string;
  /** Address of the REST API, without a path. */
  readonly restUrl: string;
}

/** The Binances there are. See https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams */
export const BINANCE_HOSTS = {
  /** The exchange itself. */
  live: { wsUrl: 'wss://stream.binance.com:9443', restUrl: 'https://api.binance.com' },
  /** The same market data from hosts that serve nothing else. */
  'market-data': { wsUrl: 'wss://data-stream.binance.vision', restUrl: 'https://data-api.binance.vision' },
  /** Binance.US, another exchange with the same protocol; its times are milliseconds. */
  us: { wsUrl: 'wss://stream.binance.us:9443', restUrl: 'https://api.binance.us' },
  /** The spot test network: invented prices. */
  testnet: { wsUrl: 'wss://stream.testnet.binance.vision', restUrl: 'https://testnet.binance.vision' },
} as const satisfies Record<string, BinanceHost>;

/** Name of one of {@link BINANCE_HOSTS}. */
export type BinanceHostName = keyof typeof BINANCE_HOSTS;

/** Addresses in place of a host's. */
type GivenAddresses = { readonly [Name in keyof BinanceHost]?: string | undefined };

/**
 * The addresses of a host, with those given in their place.
 * @throws RangeError when there is no such host or an address is none.
 */
export function addressesOf(name: BinanceHostName, given: GivenAddresses): BinanceHost {
  if (!Object.hasOwn(BINANCE_HOSTS, name)) {
    const names = Object.keys(BINANCE_HOSTS).join(', ');
    throw new RangeError(`there is no Binance host "${name}": it is one of ${names}`);
  }
  const host = BINANCE_HOSTS[name];
  return {
    wsUrl: baseUrl('wsUrl', given.wsUrl ?? host.wsUrl, ['wss:', 'ws:']),
    restUrl: baseUrl('restUrl', given.restUrl ?? host.restUrl, ['https:', 'http:']),
  };
}
