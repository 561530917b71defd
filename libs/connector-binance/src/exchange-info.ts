import { RateLimitedError, RejectedError, TransportError } from '@autotrader/connector-core';
import { z } from 'zod';
import { oneLine } from './one-line.js';
import { VENUE } from './venue-name.js';

/** `GET /api/v3/exchangeInfo`. https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints */
const WireExchangeInfo = z.object({
  symbols: z.array(z.object({ symbol: z.string(), baseAsset: z.string(), quoteAsset: z.string() })),
});
/** A symbol and the assets it is made of. */
export type WireSymbol = z.infer<typeof WireExchangeInfo>['symbols'][number];

/** https://developers.binance.com/docs/binance-spot-api-docs/errors */
const WireRestError = z.object({ code: z.int(), msg: z.string() });

const WAIT_UNSAID_S = 60;
/** The venue's longest ban is three days. */
const LONGEST_WAIT_S = 3 * 86_400;

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
  const { response, body } = await get(api, `/api/v3/exchangeInfo${query}`);
  if (!response.ok) throw refusalOf(response, body, api.url);
  const info = WireExchangeInfo.safeParse(body);
  if (info.success) return info.data.symbols;
  throw new TransportError(
    VENUE,
    `${api.url} did not answer with Binance's list of symbols: is it the address of Binance's REST API?`,
  );
}

interface Answer {
  readonly response: Response;
  /** `undefined` when it is not JSON. */
  readonly body: unknown;
}

async function get({ url, signal, timeoutMs }: RestApi, path: string): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url + path, { signal: AbortSignal.any([signal, timeout]) });
    return { response, body: parseJson(await response.text()) };
  } catch (error) {
    if (signal.aborted) throw new TransportError(VENUE, 'stopped before Binance was reached');
    const cause = timeout.aborted ? `no answer in ${timeoutMs / 1000} s` : oneLine(causeOf(error));
    throw new TransportError(VENUE, `Binance cannot be reached at ${url} (${cause})`, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function refusalOf({ status, headers }: Response, body: unknown, url: string): Error {
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
  const said = headers.get('retry-after') ?? '';
  const seconds = /^[0-9]+$/.test(said) ? Math.min(Number(said), LONGEST_WAIT_S) : WAIT_UNSAID_S;
  return new RateLimitedError(VENUE, `${message} ${seconds} s ${at}`, seconds * 1000);
}

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/**
 * What a failed fetch hides in its cause: the system's code (`ENOTFOUND`, `ECONNREFUSED`), or one for each address
 * the name stands for. By what the errors hold and not by their class, since spreading or another realm loses that.
 */
function causeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message, cause, errors = [] } = error as Failure;
  if (cause !== undefined) return causeOf(cause);
  if (errors.length > 0) return [...new Set(errors.map(causeOf))].join(', ');
  return typeof code === 'string' ? code : String(message);
}
