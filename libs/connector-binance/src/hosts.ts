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
