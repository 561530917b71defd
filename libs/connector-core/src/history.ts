import type { Micros, OHLCV, PriceType } from '@autotrader/schemas';

/** Which bars of the past are wanted. */
export interface BarHistoryRequest {
  /** By the venue's name (`EUR_USD`) or the canonical one (`EUR/USD`). */
  readonly symbol: string;
  /** Length of a bar, canonical: `5s`, `1m`, `1h`, `1d`. */
  readonly interval: string;
  /** First moment wanted: bars that begin then or later, microseconds. */
  readonly from: Micros;
  /** First moment not wanted any more: bars that begin before, microseconds. */
  readonly to: Micros;
  /** The venue's most usual by default. */
  readonly priceTypes?: readonly PriceType[];
  /** Ends the requests. */
  readonly signal?: AbortSignal;
}

/** A venue that has bars of the past. */
export interface BarHistory {
  /**
   * The bars, oldest first, page by page as the venue answers; a bar without prices does not exist. The next page is asked
   * for when this one has been taken.
   * @throws RejectedError for a symbol, an interval or a price type the venue does not have, or without rights.
   * @throws TransportError, RateLimitedError when the venue cannot be asked just now, after the retries.
   */
  history(request: BarHistoryRequest): AsyncGenerator<readonly OHLCV[], void, undefined>;
}
