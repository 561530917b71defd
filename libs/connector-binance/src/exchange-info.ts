import {
  getJson,
  oneLine,
  RateLimitedError,
  RejectedError,
  type RestAnswer,
  retryAfterMs,
  TransportError,
} from '@autotrader/connector-core';
import { z } from 'zod';
import { VENUE } from './venue-name.js';

/** `GET /api/v3/exchangeInfo`. https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints */
const WireExchangeInfo = z.object({
  symbols: z.array(z.object({ symbol: z.string(), baseAsset: z.string(), quoteAsset: z.string() })),
});
/** A symbol and the assets it is made of. */
export type WireSymbol = z.infer<typeof WireExchangeInfo>['symbols'][number];

/** https://developers.binance.com/docs/binance-spot-api-docs/errors */
const WireRestError = z.object({ code: z.int(), msg: z.string() });

const WAIT_UNSAID_MS = 60_000;
/** The venue's longest ban is three days. */
const LONGEST_WAIT_MS = 3 * 86_400_000;

/** How the REST API is asked. */
export interface RestApi {
  /** Address without a path. */
  readonly url: string;
  /** Ends the request when the caller has lost interest. */
  readonly signal: AbortSignal;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Asks for symbols by name, or for all when none is named.
 * @throws RejectedError when the venue refuses the request itself, as it does for a name it does not know.
 * @throws TransportError, RateLimitedError when the venue cannot be asked just now.
 */
export async function fetchSymbols(api: RestApi, names: readonly string[]): Promise<WireSymbol[]> {
  const query = names.length === 0 ? '' : `?symbols=${encodeURIComponent(JSON.stringify(names))}`;
  const { url: baseUrl, signal, timeoutMs } = api;
  const path = `/api/v3/exchangeInfo${query}`;
  const answer = await getJson({ venue: VENUE, title: 'Binance', baseUrl, path, signal, timeoutMs });
  if (answer.status !== 200) throw refusalOf(answer, api.url);
  const info = WireExchangeInfo.safeParse(answer.body);
  if (info.success) return info.data.symbols;
  throw new TransportError(
    VENUE,
    `${api.url} did not answer with Binance's list of symbols: is it the address of Binance's REST API?`,
  );
}

function refusalOf({ status, headers, body }: RestAnswer, url: string): Error {
  const error = WireRestError.safeParse(body).data;
  const said = error === undefined ? '' : `: ${oneLine(error.msg)} (code ${error.code})`;
  const at = `(HTTP ${status} at ${url})${said}`;
  switch (status) {
    case 400:
      return new RejectedError(VENUE, `Binance refused the request for its symbols ${at}`);
    case 429:
      return rateLimited('Binance asks to wait', at, headers);
    case 418:
      return rateLimited('Binance has banned this address for asking too much, for', at, headers);
    case 403:
      return new TransportError(VENUE, `the firewall of Binance refused this address ${at}`);
    case 451:
      return new TransportError(VENUE, `Binance does not serve this location; another host may ${at}`);
    default:
      return new TransportError(VENUE, `Binance answered with an error ${at}`);
  }
}

function rateLimited(message: string, at: string, headers: Headers): RateLimitedError {
  const waitMs = retryAfterMs(headers, LONGEST_WAIT_MS) ?? WAIT_UNSAID_MS;
  return new RateLimitedError(VENUE, `${message} ${waitMs / 1000} s ${at}`, waitMs);
}
