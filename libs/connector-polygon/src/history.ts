import {
  type BarHistory,
  type BarHistoryRequest,
  baseUrl,
  type Clock,
  type ConnectorError,
  type Downloads,
  type Instrument,
  RejectedError,
  RequestPace,
  systemClock,
  TransportError,
} from '@autotrader/connector-core';
import type { Micros, OHLCV } from '@autotrader/schemas';
import { dateText, newYorkDate } from './new-york.js';
import { aggregateBar } from './normalize.js';
import { WireAggregates } from './protocol.js';
import { Rest } from './rest.js';
import { type Span, spanOf } from './spans.js';
import { instrumentOf } from './symbols.js';
import { VENUE } from './venue-name.js';

/** What a {@link PolygonHistory} can be told. */
export interface PolygonHistoryOptions {
  /** The key; `POLYGON_API_KEY` of the environment by default. It is in no error, log line, address or file. */
  readonly apiKey?: string | undefined;
  /** Address of the REST API without a path; `https://api.massive.com` by default. The key goes nowhere else. */
  readonly baseUrl?: string | undefined;
  /** What the key allows: `free` is 5 requests a minute, `paid` 50 a second; `free` by default. */
  readonly plan?: 'free' | 'paid' | undefined;
  /** Requests a minute, in place of the plan's. */
  readonly requestsPerMinute?: number | undefined;
  /** Whether bars are as if later splits had been then; true by default, as at the venue. */
  readonly adjusted?: boolean | undefined;
  /** Tries after the first; 3 by default. */
  readonly retries?: number | undefined;
  /** The first wait after a failure, milliseconds, which doubles; 1,000 by default. */
  readonly retryMs?: number | undefined;
  /** The wait when the venue throttles and does not say for how long, milliseconds; a minute by default. */
  readonly throttledMs?: number | undefined;
  /** Longest wait for an answer, milliseconds; 30,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Where downloads are kept; nowhere by default. Adjusted bars change with the next split: they are good for an hour. */
  readonly cache?: Downloads | undefined;
  /** The system's by default. */
  readonly clock?: Clock | undefined;
  /** Called before something is tried again; must not throw. */
  readonly onRetry?: ((error: ConnectorError, waitMs: number) => void) | undefined;
}

/** A page of bars. */
export interface PolygonPage {
  readonly bars: readonly OHLCV[];
  /** SHA-256 of its bytes, in hex. */
  readonly checksum: string;
}

/** What stands in `stream` of bars of one ticker. */
export const AGGREGATES = 'aggregates';
/** What stands in `stream` of bars of the whole market. */
export const GROUPED = 'grouped';

const URL_OF_API = 'https://api.massive.com';
const PROTOCOLS = ['https:', 'http:'];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** Aggregates of the base span that a page is made of, at most. */
const LIMIT = 50_000;
const MILLI = 1_000;
const DAY: Span = { timespan: 'day', multiplier: 1 };
const PACES = { free: { most: 5, withinMs: 60_000 }, paid: { most: 50, withinMs: 1_000 } };
const MINUTE_MS = 60_000;
/** What a header may hold. */
const KEY = /^[\x21-\x7e]+$/;

/** The history of Polygon (Massive): bars of any length, of stocks, forex, crypto and indices. */
export class PolygonHistory implements BarHistory {
  readonly #rest: Rest;
  readonly #isAdjusted: boolean;
  readonly #clock: Clock;

  /** @throws RangeError without a key, or for an address that is none or would send the key in the clear. */
  constructor(options: PolygonHistoryOptions = {}) {
    const { plan = 'free', requestsPerMinute, clock = systemClock(), cache, onRetry } = options;
    const pace =
      requestsPerMinute === undefined ? PACES[plan] : { most: requestsPerMinute, withinMs: MINUTE_MS };
    this.#rest = new Rest({
      ...{
        url: addressOf(options.baseUrl ?? URL_OF_API),
        apiKey: keyOf(options.apiKey),
        clock,
        cache,
        onRetry,
      },
      ...{ pace: new RequestPace(pace), retries: options.retries ?? 3, retryMs: options.retryMs ?? 1_000 },
      ...{ timeoutMs: options.timeoutMs ?? 30_000, throttledMs: options.throttledMs },
    });
    this.#isAdjusted = options.adjusted ?? true;
    this.#clock = clock;
  }

  /**
   * The instrument of a ticker: `AAPL`, `C:EURUSD`, `X:BTCUSD`, `I:SPX`.
   * @throws RejectedError for what is no ticker, or a pair the venue does not have.
   */
  instrument(symbol: string, signal: AbortSignal = new AbortController().signal): Promise<Instrument> {
    return instrumentOf(this.#rest, symbol, signal);
  }

  /**
   * Bars of `s`, `m`, `h`, `d`, `w` and `M`, any number of them; of trades (of quotes in forex).
   * @throws as {@link BarHistory.history}.
   */
  async *history(request: BarHistoryRequest): AsyncGenerator<readonly OHLCV[], void, undefined> {
    const { symbol, interval, from, to, signal = new AbortController().signal } = request;
    const instrument = await this.instrument(symbol, signal);
    const own = instrument.assetClass === 'FOREX' ? 'mid' : 'trade';
    const other = request.priceTypes?.find((type) => type !== own);
    if (other !== undefined)
      throw new RejectedError(
        VENUE,
        `Polygon has no bars of ${other} for ${instrument.venueSymbol}: ask for ${own}`,
      );
    for await (const { bars } of this.pages(instrument, spanOf(interval), from, to, signal))
      if (bars.length > 0) yield bars;
  }

  /**
   * The pages of a time, in order, each as it is asked for; also empty ones. A bar counts to the time it begins in.
   * @throws TransportError when pages lead in a circle; as {@link history}.
   */
  async *pages(
    instrument: Instrument,
    span: Span,
    from: Micros,
    to: Micros,
    signal: AbortSignal,
  ): AsyncGenerator<PolygonPage, void, undefined> {
    const about = { instrument, span, stream: AGGREGATES, isAdjusted: this.#isAdjusted };
    const range = `${Math.ceil(from / MILLI)}/${Math.ceil(to / MILLI) - 1}`;
    const query = `adjusted=${this.#isAdjusted}&sort=asc&limit=${LIMIT}`;
    const ticker = encodeURIComponent(instrument.venueSymbol);
    const isClosed = !this.#isAdjusted && to < this.#clock.now() - 86_400_000_000;
    const seen = new Set<string>();
    let last = -1;
    let path: string | undefined =
      `/v2/aggs/ticker/${ticker}/range/${span.multiplier}/${span.timespan}/${range}?${query}`;
    while (path !== undefined) {
      seen.add(path);
      const { answer, checksum, receivedAt } = await this.#rest.ask(path, WireAggregates, isClosed, signal);
      const isDelayed = answer?.status === 'DELAYED';
      const bars = (answer?.results ?? []).map((wire) =>
        aggregateBar(wire, { ...about, isDelayed, receivedAt }),
      );
      for (const { openTime } of bars) {
        if (openTime <= last) throw circle(instrument);
        last = openTime;
      }
      yield { bars: bars.filter(({ openTime }) => openTime >= from && openTime < to), checksum };
      path = nextPath(answer);
      if (path !== undefined && seen.has(path)) throw circle(instrument);
    }
  }

  /**
   * The bars of a day of every stock, by one request; of the date of New York that the moment is in.
   * @throws as {@link history}.
   */
  async grouped(day: Micros, signal: AbortSignal = new AbortController().signal): Promise<PolygonPage> {
    const path = `/v2/aggs/grouped/locale/us/market/stocks/${dateText(newYorkDate(day))}?adjusted=${this.#isAdjusted}`;
    const isClosed = !this.#isAdjusted && day < this.#clock.now() - 2 * 86_400_000_000;
    const { answer, checksum, receivedAt } = await this.#rest.ask(path, WireAggregates, isClosed, signal);
    const isDelayed = answer?.status === 'DELAYED';
    const about = { span: DAY, stream: GROUPED, isAdjusted: this.#isAdjusted, isDelayed, receivedAt };
    const bars = (answer?.results ?? []).flatMap((wire) => {
      const { T: ticker } = wire;
      if (ticker === undefined) return [];
      const instrument: Instrument = { symbol: ticker, venueSymbol: ticker, assetClass: 'EQUITY' };
      return [aggregateBar(wire, { ...about, instrument })];
    });
    return { bars, checksum };
  }
}

/** Path of the next page: the key goes to our own address, wherever the venue says that it is. */
function nextPath(answer: WireAggregates | undefined): string | undefined {
  const next = answer?.next_url;
  if (next === undefined || next === '') return undefined;
  if (!URL.canParse(next)) throw new TransportError(VENUE, 'Polygon names a next page that is no address');
  const url = new URL(next);
  url.searchParams.delete('apiKey');
  return `${url.pathname}${url.search}`;
}

function circle({ venueSymbol }: Instrument): TransportError {
  return new TransportError(
    VENUE,
    `the pages of Polygon for ${venueSymbol} lead in a circle: they do not go on in time`,
  );
}

function keyOf(given: string | undefined): string {
  const apiKey = given ?? process.env['POLYGON_API_KEY'] ?? '';
  if (apiKey === '')
    throw new RangeError('Polygon needs an API key: set POLYGON_API_KEY; a free one is had at massive.com');
  if (!KEY.test(apiKey))
    throw new RangeError('the API key of Polygon holds a space or a line break: look at it');
  return apiKey;
}

function addressOf(text: string): string {
  const url = baseUrl('baseUrl', text, PROTOCOLS);
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return url;
  throw new RangeError(
    `baseUrl is "${text}": the key would go there in the clear, give an address with https://`,
  );
}
