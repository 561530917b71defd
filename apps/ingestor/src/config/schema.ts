import {
  BINANCE_HOSTS,
  BINANCE_STREAMS,
  type BinanceHostName,
  type BinanceStream,
} from '@autotrader/connector-binance';
import { IBKR_GATEWAYS, IBKR_STREAMS, type IbkrGateway, type IbkrStream } from '@autotrader/connector-ibkr';
import { OANDA_HOSTS, type OandaEnvironment } from '@autotrader/connector-oanda';
import { z } from 'zod';

const port = z.int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/, error: 'not an address like http://host:port' });
const wsUrl = z.url({ protocol: /^wss?$/, error: 'not an address like ws://host:port' });
const hostNames = Object.keys(BINANCE_HOSTS) as [BinanceHostName, ...BinanceHostName[]];
const streamNames = [...BINANCE_STREAMS] as [BinanceStream, ...BinanceStream[]];

const Binance = z.strictObject({
  symbols: z
    .array(z.string().min(1))
    .min(1)
    .describe("symbols, by the venue's name (BTCUSDT) or ours (BTC/USDT)"),
  streams: z
    .array(z.enum(streamNames))
    .min(1)
    .default(['trade', 'depth20'])
    .describe('streams of every symbol'),
  host: z.enum(hostNames).default('live').describe('which Binance'),
  wsUrl: wsUrl.optional().describe("address of the WebSocket, in place of the host's"),
  restUrl: httpUrl.optional().describe("address of the REST API, in place of the host's"),
});

const environments = Object.keys(OANDA_HOSTS) as [OandaEnvironment, ...OandaEnvironment[]];

/** The key and the account are secrets: `OANDA_API_KEY`, `OANDA_ACCOUNT_ID`. */
const Oanda = z.strictObject({
  symbols: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      "symbols, by the venue's name (EUR_USD) or ours (EUR/USD); OANDA_API_KEY and OANDA_ACCOUNT_ID are of the environment",
    ),
  environment: z.enum(environments).default('practice').describe('which Oanda'),
  fillGaps: z
    .boolean()
    .default(false)
    .describe('whether a time away from the venue is filled with its bars of five seconds'),
  streamUrl: httpUrl.optional().describe("address of the streams, in place of the environment's"),
  restUrl: httpUrl.optional().describe("address of the REST API, in place of the environment's"),
});

const gateways = Object.keys(IBKR_GATEWAYS) as [IbkrGateway, ...IbkrGateway[]];
const ibkrStreams = [...IBKR_STREAMS] as [IbkrStream, ...IbkrStream[]];

/** What is needed to name a contract that is no US stock and no pair. */
const IbkrContract = z.strictObject({
  conId: z.int().min(1).optional(),
  symbol: z.string().optional(),
  secType: z.string().optional(),
  exchange: z.string().optional(),
  primaryExch: z.string().optional(),
  currency: z.string().optional(),
  localSymbol: z.string().optional(),
  lastTradeDateOrContractMonth: z.string().optional(),
});

const Ibkr = z.strictObject({
  symbols: z
    .array(z.string().min(1))
    .min(1)
    .describe('symbols: US stocks (AAPL), pairs (EUR/USD, BTC/USD), and what contracts names'),
  streams: z
    .array(z.enum(ibkrStreams))
    .min(1)
    .default(['Last', 'BidAsk'])
    .describe('streams of every symbol'),
  host: z.string().default('127.0.0.1').describe('where TWS or IB Gateway runs'),
  gateway: z.enum(gateways).default('gateway-paper').describe('which of them, which tells the port'),
  port: port.min(1).optional().describe("the port, in place of the gateway's"),
  clientId: z.int().min(0).default(1).describe('first client id that is tried'),
  marketDataType: z
    .enum(['live', 'delayed', 'auto'])
    .default('auto')
    .describe('live data, delayed data, or what there is a subscription for'),
  tickByTickEveryMs: z
    .int()
    .min(0)
    .default(15_000)
    .describe('time between tick-by-tick requests for one instrument, milliseconds'),
  contracts: z
    .record(z.string(), IbkrContract)
    .default({})
    .describe('contracts by the symbol they are recorded as: `ESZ6: { symbol: ES, secType: FUT, ... }`'),
});

const ClickHouse = z.strictObject({
  url: httpUrl.optional().describe('a ClickHouse server; without it one is started here'),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and _ only')
    .default('market_data')
    .describe('database the tables are in'),
  username: z.string().optional().describe('user at the server; otherwise that of the url, or `default`'),
  password: z
    .string()
    .optional()
    .describe(
      'password at the server; otherwise CLICKHOUSE_PASSWORD of the environment, that of the url, or none',
    ),
  dataDir: z.string().min(1).default('./data').describe('folder of the ClickHouse that is started here'),
  httpPort: port.default(8123).describe('its port; a free one when this is taken'),
});

const Spool = z.strictObject({
  dir: z
    .string()
    .min(1)
    .default('./spool')
    .describe(
      'folder that keeps what is recorded until ClickHouse has it; one for each ingestor, on a local disk',
    ),
  maxBytes: z
    .int()
    .min(1_000_000)
    .default(10 * 2 ** 30)
    .describe('its files take no more than this; then recording waits'),
});

const Http = z.strictObject({
  host: z
    .string()
    .default('127.0.0.1')
    .describe(
      'address that the live page, /metrics and /health listen on; beyond this machine set INGESTOR_HTTP_TOKEN',
    ),
  port: port.default(8000).describe('their port; 0 is any free one'),
});

const Buffer = z.strictObject({
  size: z.int().min(1).max(1_000_000).default(50_000).describe('rows that make an insert'),
  flushIntervalMs: z
    .int()
    .min(1)
    .max(60_000)
    .default(1_000)
    .describe('a row waits no longer than this, milliseconds'),
});

/** What the ingestor's YAML file may say; everything has a default. */
export const Config = z.strictObject({
  venues: z
    .strictObject({ binance: Binance.optional(), oanda: Oanda.optional(), ibkr: Ibkr.optional() })
    .refine((venues) => Object.values(venues).some((venue) => venue !== undefined), 'name at least one venue')
    .default({ binance: { symbols: ['BTCUSDT', 'ETHUSDT'], streams: ['trade', 'depth20'], host: 'live' } }),
  clickhouse: ClickHouse.prefault({}),
  spool: Spool.prefault({}),
  http: Http.prefault({}),
  buffer: Buffer.prefault({}),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('least severe log line that is written'),
});
/** What the ingestor is told to do. */
export type Config = z.infer<typeof Config>;
