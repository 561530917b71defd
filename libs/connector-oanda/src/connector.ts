import {
  type BarHistory,
  type BarHistoryRequest,
  type Clock,
  ConnectorError,
  type ConnectorOptions,
  type Instrument,
  MarketDataConnector,
  RejectedError,
  retried,
  systemClock,
  type Venue,
} from '@autotrader/connector-core';
import type { Gap, OHLCV } from '@autotrader/schemas';
import { type Credentials, credentialsOf } from './credentials.js';
import { addressesOf, type OandaEnvironment } from './hosts.js';
import { candlePages } from './history.js';
import type { RestApi } from './rest.js';
import { OandaSession } from './session.js';
import { type OandaStream, STREAM_RULES } from './streams.js';
import { resolveSymbols } from './symbols.js';
import { pricingStream } from './transport.js';
import { VENUE } from './venue-name.js';

/** What an {@link OandaConnector} can be told. */
export interface OandaConnectorOptions extends ConnectorOptions<OandaStream> {
  /** Which Oanda; `practice` by default. */
  readonly environment?: OandaEnvironment;
  /** The key; `OANDA_API_KEY` of the environment by default. It is in no error, log line or address. */
  readonly apiKey?: string | undefined;
  /** The account; `OANDA_ACCOUNT_ID` of the environment by default. People see it as `101-***-001`. */
  readonly accountId?: string | undefined;
  /** Address of the streams without the venue's path, in place of the environment's. */
  readonly streamUrl?: string | undefined;
  /** Address of the REST API without the venue's path, in place of the environment's. */
  readonly restUrl?: string | undefined;
  /**
   * Whether a time away from the venue is filled with candles of five seconds: bars of source `venue`, never invented ticks.
   * The gap stays a gap. False by default.
   */
  readonly fillGaps?: boolean;
}

const FILL_INTERVAL = '5s';
const FILL_MICROS = 5_000_000;

/** What of the options makes the venue. */
type VenueOptions = Pick<
  OandaConnectorOptions,
  'environment' | 'apiKey' | 'accountId' | 'streamUrl' | 'restUrl'
>;

/** Oanda as connector-core wants it declared, and what else of it is asked. */
interface OandaVenue extends Venue<Buffer, never> {
  api(signal: AbortSignal): RestApi;
}

/**
 * Live prices of Oanda v20, and its candles.
 * https://developer.oanda.com/rest-live-v20/introduction/
 *
 * @example
 * const connector = new OandaConnector({ symbols: ['EUR_USD'] }); // OANDA_API_KEY, OANDA_ACCOUNT_ID
 * connector.on('tick', (tick) => console.log(`${tick.symbol} ${tick.bid} / ${tick.ask}`));
 * await connector.start();
 */
export class OandaConnector extends MarketDataConnector implements BarHistory {
  readonly #venue: OandaVenue;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #instruments = new Map<string, Instrument>();
  readonly #filling = new Set<Promise<void>>();

  /** @throws RangeError when an option cannot be meant, or a credential is missing: one line that names it. */
  constructor(options: OandaConnectorOptions) {
    const venue = oandaVenue(options, credentialsOf(options, process.env));
    super(venue, { ...options, streams: options.streams ?? ['price'] });
    this.#venue = venue;
    this.#clock = options.clock ?? systemClock();
    if (options.fillGaps === true) this.on('gap', (gap) => this.#fillLater(gap));
  }

  async *history(request: BarHistoryRequest): AsyncGenerator<readonly OHLCV[], void, undefined> {
    const { signal: given } = request;
    const signal =
      given === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, given]);
    const api = this.#venue.api(signal);
    const instrument = await this.#instrumentOf(request.symbol, api);
    yield* candlePages({ api, instrument, clock: this.#clock }, request);
  }

  override async stop(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#filling);
    await super.stop();
  }

  async #instrumentOf(symbol: string, api: RestApi): Promise<Instrument> {
    const known = this.#instruments.get(symbol);
    if (known !== undefined) return known;
    const { instruments, rejected } = await retried(api, () => resolveSymbols(api, [symbol]));
    const [found] = instruments;
    if (found === undefined) throw new RejectedError(VENUE, rejected[0]?.reason ?? `no instrument ${symbol}`);
    this.#instruments.set(symbol, found);
    return found;
  }

  #fillLater(gap: Gap): void {
    const filling = this.#fill(gap).finally(() => this.#filling.delete(filling));
    this.#filling.add(filling);
  }

  async #fill({ venueSymbol, fromTime, toTime }: Gap): Promise<void> {
    const from = Math.floor(fromTime / FILL_MICROS) * FILL_MICROS;
    try {
      const pages = this.history({ symbol: venueSymbol, interval: FILL_INTERVAL, from, to: toTime });
      for await (const bars of pages) for (const bar of bars) this.addBar(bar);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      if (!(error instanceof ConnectorError)) throw error;
      this.report(error);
    }
  }
}

/**
 * Oanda as declared to core.
 * @throws RangeError when the options name an environment or an address that is none.
 */
export function oandaVenue(options: VenueOptions, credentials: Credentials): OandaVenue {
  const { streamUrl, restUrl } = addressesOf(options.environment ?? 'practice', options);
  const api = (signal: AbortSignal): RestApi => ({ url: restUrl, credentials, signal });
  return {
    name: VENUE,
    // A heartbeat comes every 5 seconds. A request names all instruments of its stream, and no account has more than these.
    limits: {
      messagesPerSecond: 1,
      streamsPerConnection: 400,
      connectionLifetimeMs: Infinity,
      silenceMs: 10_000,
    },
    streams: STREAM_RULES,
    hasSelfContainedFrames: true,
    transport: pricingStream(streamUrl, credentials),
    resolve: (symbols, signal) => resolveSymbols(api(signal), symbols),
    openSession: (outlet) => new OandaSession(outlet),
    api,
  };
}
