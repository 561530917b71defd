import {
  type Instrument,
  RateLimitedError,
  RejectedError,
  type ResolvedSymbols,
  TransportError,
} from '@autotrader/connector-core';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { VENUE } from './venue-name.js';

/** `GET /api/v3/exchangeInfo`. https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints */
const WireExchangeInfo = z.object({
  symbols: z.array(z.object({ symbol: z.string(), baseAsset: z.string(), quoteAsset: z.string() })),
});
type WireSymbol = z.infer<typeof WireExchangeInfo>['symbols'][number];

const WireRestError = z.object({ code: z.number(), msg: z.string() });
const INVALID_SYMBOL = -1121;
const ILLEGAL_CHARACTERS = -1100;
const TIMEOUT_MS = 10_000;
/** So many names are asked for by name; for more, the whole list is one request as well. */
const MOST_BY_NAME = 100;

/**
 * Looks symbols up in exchangeInfo, by the venue's name (`BTCUSDT`) or the canonical one (`BTC/USDT`).
 * @throws TransportError, RateLimitedError when the venue cannot be asked just now.
 */
export async function resolveSymbols(
  restUrl: string,
  symbols: readonly string[],
  signal: AbortSignal,
): Promise<ResolvedSymbols> {
  const names = [...new Set(symbols.map((symbol) => symbol.trim().toUpperCase()))];
  const listed = (await fetchByName(restUrl, names, signal)) ?? (await fetchSymbols(restUrl, '', signal));
  const known = new Map<string, WireSymbol>();
  for (const symbol of listed) known.set(symbol.symbol, symbol).set(canonical(symbol), symbol);
  const instruments = names.flatMap((name) => instrumentOf(known.get(name)));
  const unknown = names.filter((name) => !known.has(name));
  return {
    instruments,
    rejected: unknown.map((symbol) => ({ symbol, reason: unknownSymbol(symbol, listed) })),
  };
}

function unknownSymbol(symbol: string, listed: readonly WireSymbol[]): string {
  const nearest =
    listed.length === 0
      ? ''
      : closest(
          symbol,
          listed.map((candidate) => candidate.symbol),
        );
  return `Binance has no symbol ${symbol}${nearest === '' ? '' : `: did you mean ${nearest}?`}`;
}

function instrumentOf(symbol: WireSymbol | undefined): Instrument[] {
  if (symbol === undefined) return [];
  return [{ symbol: canonical(symbol), venueSymbol: symbol.symbol, assetClass: 'CRYPTO' }];
}

function canonical({ baseAsset, quoteAsset }: WireSymbol): string {
  return `${baseAsset}/${quoteAsset}`;
}

/** `undefined` when one of the names is unknown: the venue does not say which, so the whole list is needed. */
async function fetchByName(
  restUrl: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<WireSymbol[] | undefined> {
  if (names.length > MOST_BY_NAME || names.some((name) => name.includes('/'))) return undefined;
  try {
    return await fetchSymbols(restUrl, `?symbols=${encodeURIComponent(JSON.stringify(names))}`, signal);
  } catch (error) {
    if (error instanceof RejectedError) return undefined;
    throw error;
  }
}

async function fetchSymbols(restUrl: string, query: string, signal: AbortSignal): Promise<WireSymbol[]> {
  const response = await request(`${restUrl}/api/v3/exchangeInfo${query}`, signal);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    const parsed = WireExchangeInfo.safeParse(body);
    if (parsed.success) return parsed.data.symbols;
    throw new TransportError(VENUE, `${restUrl} did not answer with Binance's list of symbols`);
  }
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  if (response.status === 429 || response.status === 418) {
    const wait = Number.isFinite(retryAfter) ? retryAfter : 60;
    throw new RateLimitedError(
      VENUE,
      `Binance asks to wait ${wait} s (HTTP ${response.status})`,
      wait * 1000,
    );
  }
  const error = WireRestError.safeParse(body).data;
  if (error?.code === INVALID_SYMBOL || error?.code === ILLEGAL_CHARACTERS)
    throw new RejectedError(VENUE, error.msg);
  throw new TransportError(VENUE, `Binance answered HTTP ${response.status} at ${restUrl}`);
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  const { origin } = new URL(url);
  try {
    return await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  } catch (error) {
    throw new TransportError(VENUE, `Binance cannot be reached at ${origin} (${causeOf(error)})`, {
      cause: error,
    });
  }
}

/** The system's code of a failed fetch (`ENOTFOUND`, `ECONNREFUSED`), which fetch hides in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in 10 s';
  const { cause } = error;
  if (cause instanceof AggregateError) return causeOf({ ...cause, cause: cause.errors[0] as unknown });
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
