import {
  type BarHistory,
  type BarHistoryRequest,
  baseUrl,
  type Clock,
  type ConnectorError,
  type Downloads,
  RejectedError,
  RequestPace,
  systemClock,
  type TickBatch,
} from '@autotrader/connector-core';
import type { Micros, OHLCV, PriceType } from '@autotrader/schemas';
import { AutoFiles } from './auto-files.js';
import { bi5Files } from './bi5-files.js';
import type { DownloadSettings } from './downloads.js';
import type { HistoryFiles, WayName } from './history-files.js';
import { type DukascopyInstrument, instrumentOf } from './instruments.js';
import { jettaFiles } from './jetta-files.js';
import { type CandleInterval, type CandleSide, candleBars, tickBatch } from './normalize.js';
import { candlePeriodOf, hourOf, type Period } from './periods.js';
import { noTicks } from './raw.js';
import { VENUE } from './venue-name.js';

/** What a {@link DukascopyHistory} can be told; every option has a default. */
export interface DukascopyHistoryOptions {
  /** The way to the files; `auto` by default: `bi5`, and `jetta` while that is gone. */
  readonly transport?: 'auto' | WayName | undefined;
  /** Address of the hourly files, without `/datafeed`. */
  readonly bi5Url?: string | undefined;
  /** Address of the JSON interface, with its version. */
  readonly jettaUrl?: string | undefined;
  /** Each host is asked no more often than that; 2 by default. */
  readonly requestsPerSecond?: number | undefined;
  /** Tries after the first; 3 by default. */
  readonly retries?: number | undefined;
  /** The first wait after a failure, milliseconds, which doubles; 1,000 by default. */
  readonly retryMs?: number | undefined;
  /** Longest wait for an answer, milliseconds; 30,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** With `auto`: so long may `bi5` do nothing but throttle, milliseconds; 120,000 by default. */
  readonly patienceMs?: number | undefined;
  /** With `auto`: so long after it was left `bi5` is tried again, milliseconds; 900,000 by default. */
  readonly returnMs?: number | undefined;
  /** Where downloads are kept; nowhere by default. */
  readonly cache?: Downloads | undefined;
  /** The system's by default. */
  readonly clock?: Clock | undefined;
  /** Called before something is tried again; must not throw. */
  readonly onRetry?: ((error: ConnectorError, waitMs: number) => void) | undefined;
  /** With `auto`: called when the way changes; must not throw. */
  readonly onChange?: ((way: WayName, reason: string) => void) | undefined;
}

/** Which time of an instrument's ticks is wanted. */
export interface TickHistoryRequest {
  /** By the venue's code (`EURUSD`), its name (`EUR/USD`, `AAPL.US/USD`) or the canonical one (`AAPL`). */
  readonly symbol: string;
  /** First moment wanted, microseconds; ticks come by whole hours. */
  readonly from: Micros;
  /** First moment not wanted any more, microseconds. */
  readonly to: Micros;
  /** Ends the requests. */
  readonly signal?: AbortSignal | undefined;
}

/** Files of one time, in the canonical form. */
export interface DukascopyFile<Content> extends Period {
  readonly content: Content;
  /** Whether the venue has a file of this time. */
  readonly isThere: boolean;
  /** The way it came. */
  readonly way: WayName;
  /** SHA-256 of its bytes, in hex; empty when there is none. */
  readonly checksum: string;
}

const URLS = { bi5: 'https://datafeed.dukascopy.com', jetta: 'https://jetta.dukascopy.com/v1' };
const PROTOCOLS = ['https:', 'http:'];
const SECOND_MS = 1_000;
const DEFAULTS = { requestsPerSecond: 2, retries: 3, retryMs: 1_000, timeoutMs: 30_000 };
const PATIENCE_MS = 120_000;
const RETURN_MS = 900_000;

/**
 * The history of Dukascopy: quotes tick by tick, and candles of bid and ask. There are no trades. The venue's site terms restrict
 * automated collection: look at them before you take much.
 */
export class DukascopyHistory implements BarHistory {
  readonly #files: HistoryFiles;

  /** @throws RangeError for an address that is none, or a pace that allows nothing. */
  constructor(options: DukascopyHistoryOptions = {}) {
    this.#files = filesOf(options);
  }

  /** The instrument of a symbol. @throws RejectedError for one the venue does not have, with the nearest names. */
  instrument(symbol: string): DukascopyInstrument {
    return instrumentOf(symbol);
  }

  /**
   * Quotes, hour by hour, oldest first, an empty hour too. The next hour is asked for when this one has been taken.
   * @throws RejectedError for a symbol the venue does not have.
   * @throws TransportError, RateLimitedError when the venue cannot be asked just now, after the retries.
   */
  async *ticks({
    symbol,
    from,
    to,
    signal = new AbortController().signal,
  }: TickHistoryRequest): AsyncGenerator<DukascopyFile<TickBatch>, void, undefined> {
    const instrument = instrumentOf(symbol);
    for (let hour = hourOf(from); hour.from < to; hour = hourOf(hour.to))
      yield await this.hour(instrument, hour.from, signal);
  }

  /** The quotes of the hour that a moment is in. @throws as {@link ticks}. */
  async hour(
    instrument: DukascopyInstrument,
    time: Micros,
    signal: AbortSignal,
  ): Promise<DukascopyFile<TickBatch>> {
    const hour = hourOf(time);
    const { content: raw, way, checksum, receivedAt } = await this.#files.ticks(instrument, hour, signal);
    const content = tickBatch(raw ?? noTicks(instrument.divisor), instrument, hour.from, receivedAt);
    return { ...hour, content, isThere: raw !== undefined, way, checksum };
  }

  /**
   * Candles of `1m`, `1h` and `1d`, of `bid` (by default) and `ask`, a file at a time: of minutes a day, of hours a month, of days
   * a year. Those that the venue makes up for a time without prices are left out.
   * @throws as {@link BarHistory.history}.
   */
  async *history(request: BarHistoryRequest): AsyncGenerator<readonly OHLCV[], void, undefined> {
    const { symbol, from, to, priceTypes = ['bid'], signal = new AbortController().signal } = request;
    const instrument = instrumentOf(symbol);
    const interval = intervalOf(request.interval);
    const sides = priceTypes.map(sideOf);
    for (let period = candlePeriodOf(interval, from); period.from < to;) {
      for (const side of sides) {
        const { content } = await this.candles(instrument, interval, side, period.from, signal);
        const wanted = content.filter(({ openTime }) => openTime >= from && openTime < to);
        if (wanted.length > 0) yield wanted;
      }
      period = candlePeriodOf(interval, period.to);
    }
  }

  /** The candles of the file that a moment is in. @throws as {@link history}. */
  async candles(
    instrument: DukascopyInstrument,
    interval: CandleInterval,
    side: CandleSide,
    time: Micros,
    signal: AbortSignal,
  ): Promise<DukascopyFile<readonly OHLCV[]>> {
    const period = candlePeriodOf(interval, time);
    const file = await this.#files.candles(instrument, { interval, side, period }, signal);
    const { content: raw, way, checksum, receivedAt } = file;
    const content = raw === undefined ? [] : candleBars(raw, instrument, interval, side, receivedAt);
    return { ...period, content, isThere: raw !== undefined, way, checksum };
  }
}

function filesOf(options: DukascopyHistoryOptions): HistoryFiles {
  const { transport = 'auto', clock = systemClock(), cache, onRetry, onChange } = options;
  const { requestsPerSecond = DEFAULTS.requestsPerSecond, retries = DEFAULTS.retries } = options;
  const { retryMs = DEFAULTS.retryMs, timeoutMs = DEFAULTS.timeoutMs } = options;
  const settings = (): DownloadSettings => {
    const pace = new RequestPace({ most: 1, withinMs: SECOND_MS / requestsPerSecond });
    return { clock, pace, cache, retries, retryMs, timeoutMs, onRetry };
  };
  const bi5 = bi5Files(baseUrl('bi5Url', options.bi5Url ?? URLS.bi5, PROTOCOLS), settings());
  const jetta = jettaFiles(baseUrl('jettaUrl', options.jettaUrl ?? URLS.jetta, PROTOCOLS), settings());
  if (transport !== 'auto') return { bi5, jetta }[transport];
  const { patienceMs = PATIENCE_MS, returnMs = RETURN_MS } = options;
  return new AutoFiles(bi5, jetta, { patienceMs, returnMs, now: () => performance.now(), onChange });
}

function intervalOf(interval: string): CandleInterval {
  if (interval === '1m' || interval === '1h' || interval === '1d') return interval;
  throw new RejectedError(VENUE, `Dukascopy has no candles of ${interval}: it has 1m, 1h, 1d`);
}

function sideOf(type: PriceType): CandleSide {
  if (type === 'bid' || type === 'ask') return type;
  throw new RejectedError(VENUE, `Dukascopy has no candles of ${type}: ask for bid or ask`);
}
