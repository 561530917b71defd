import {
  type ConnectorOptions,
  MarketDataConnector,
  type Transport,
  type TransportError,
  type Venue,
} from '@autotrader/connector-core';
import type { Contract } from '@stoqey/ib';
import type { Calls } from './calls.js';
import { ClientIds } from './client-ids.js';
import { ContractBook, resolveContracts } from './contracts.js';
import { type IbkrGateway, portOf } from './gateways.js';
import type { IbEvent } from './ib-event.js';
import {
  accountUpdatesOf,
  type IbkrAccountUpdate,
  type IbkrPosition,
  portfolio,
  type PortfolioQuestion,
  POSITIONS,
} from './portfolio.js';
import { type IbkrMarketDataType, IbkrSession } from './session.js';
import { type IbkrStream, STREAM_RULES } from './streams.js';
import { TickByTickPacing } from './tick-by-tick-pacing.js';
import { twsTransport } from './transport.js';
import { VENUE } from './venue-name.js';

/** What an {@link IbkrConnector} can be told. */
export interface IbkrConnectorOptions extends ConnectorOptions<IbkrStream> {
  /** Where TWS or IB Gateway runs; `127.0.0.1` by default. */
  readonly host?: string;
  /** Which of them, and whose account: that tells the port. `gateway-paper` by default. */
  readonly gateway?: IbkrGateway;
  /** The port, in place of the gateway's. */
  readonly port?: number | undefined;
  /** The first client id that is tried; further connections, and one that is in use, take the next. 1 by default. */
  readonly clientId?: number;
  /** Live data, delayed data, or what there is a subscription for; `auto` by default. */
  readonly marketDataType?: IbkrMarketDataType;
  /** What a symbol means that is no US stock and no pair: `{ ESZ6: { symbol: 'ES', secType: 'FUT', … } }`. */
  readonly contracts?: Readonly<Record<string, Contract>>;
  /** Time between tick-by-tick requests for one instrument, milliseconds; 15,000 by default, as the venue wants it. */
  readonly tickByTickEveryMs?: number;
  /** TWS is asked for its time that often, milliseconds; 5,000 by default. */
  readonly keepAliveMs?: number;
}

const DEFAULT_STREAMS: readonly IbkrStream[] = ['Last', 'BidAsk'];
const TICK_BY_TICK_EVERY_MS = 15_000;
const KEEP_ALIVE_MS = 5_000;
const RETRY_MS = 1_000;
const MARKET_DATA_TYPES: readonly IbkrMarketDataType[] = ['live', 'delayed', 'auto'];

/**
 * Live market data of Interactive Brokers, through a TWS or IB Gateway that runs and is logged in.
 * https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/
 *
 * @example
 * const connector = new IbkrConnector({ symbols: ['AAPL', 'EUR/USD'] });
 * connector.on('tick', (tick) => console.log(`${tick.symbol} @ ${tick.price}`));
 * await connector.start();
 */
export class IbkrConnector extends MarketDataConnector {
  readonly #transport: Transport<IbEvent, Calls>;
  readonly #closing = new AbortController();
  readonly #retryMs: number;

  /** @throws RangeError when an option cannot be meant: one line that names it. */
  constructor(options: IbkrConnectorOptions) {
    const venue = ibkrVenue(options);
    super(venue, { ...options, streams: options.streams ?? DEFAULT_STREAMS });
    this.#transport = venue.transport;
    this.#retryMs = options.reconnectMinMs ?? RETRY_MS;
  }

  /**
   * Every position of every account that this user has, and then each change of one, until the connector is stopped or nobody
   * reads any more. After a loss of the connection all are told again.
   * @throws RejectedError when TWS cannot be talked to.
   */
  positions(): AsyncGenerator<IbkrPosition, void, undefined> {
    return this.#ask(POSITIONS);
  }

  /**
   * Values and holdings of an account, and then each change of them, every three minutes at least.
   * @param account the only one of the user by default.
   * @throws as {@link positions}.
   */
  accountUpdates(account = ''): AsyncGenerator<IbkrAccountUpdate, void, undefined> {
    return this.#ask(accountUpdatesOf(account));
  }

  override stop(): Promise<void> {
    this.#closing.abort();
    return super.stop();
  }

  #ask<Value>(question: PortfolioQuestion<Value>): AsyncGenerator<Value, void, undefined> {
    const onError = (error: TransportError): void => this.report(error);
    return portfolio(this.#transport, question, this.#closing.signal, { retryMs: this.#retryMs, onError });
  }
}

/**
 * Interactive Brokers as connector-core wants it declared.
 * @throws RangeError when an option cannot be meant.
 */
export function ibkrVenue(
  options: Omit<IbkrConnectorOptions, keyof ConnectorOptions>,
): Venue<IbEvent, Calls> {
  const { host = '127.0.0.1', gateway = 'gateway-paper', clientId = 1, marketDataType = 'auto' } = options;
  const { tickByTickEveryMs = TICK_BY_TICK_EVERY_MS, keepAliveMs = KEEP_ALIVE_MS, contracts = {} } = options;
  if (!Number.isInteger(clientId) || clientId < 0)
    throw new RangeError(`clientId is ${clientId}: a whole number from 0 is wanted`);
  if (!MARKET_DATA_TYPES.includes(marketDataType))
    throw new RangeError(
      `marketDataType is "${marketDataType}": it is one of ${MARKET_DATA_TYPES.join(', ')}`,
    );
  if (!(keepAliveMs > 0)) throw new RangeError(`keepAliveMs is not above 0: ${keepAliveMs}`);
  const pacing = new TickByTickPacing(tickByTickEveryMs);
  const settings = {
    host,
    port: portOf(gateway, options.port),
    clientIds: new ClientIds(clientId),
    pacing,
    keepAliveMs,
  };
  const transport = twsTransport(settings);
  const book = new ContractBook();
  const given = Object.fromEntries(
    Object.entries(contracts).map(([name, contract]) => [name.toUpperCase(), contract]),
  );
  return {
    name: VENUE,
    limits: {
      messagesPerSecond: 20,
      streamsPerConnection: 100,
      connectionLifetimeMs: Infinity,
      silenceMs: 15_000,
      // A tick-by-tick request may have to wait for its turn.
      answerWithinMs: 10_000 + 4 * tickByTickEveryMs,
    },
    streams: STREAM_RULES,
    transport,
    resolve: (symbols, signal) => resolveContracts(transport, symbols, given, book, signal),
    openSession: (outlet) => new IbkrSession(outlet, book, marketDataType),
  };
}
