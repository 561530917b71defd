import {
  type Instrument,
  nearestNames,
  RejectedError,
  type ResolvedSymbols,
} from '@autotrader/connector-core';
import { fetchSymbols, type RestApi, type WireSymbol } from './exchange-info.js';

const TIMEOUT_MS = 10_000;
/** What may be asked for by name: for anything else the venue refuses the whole request. */
const ASKABLE = /^[A-Z0-9_.-]{1,20}$/;
/** So many names are asked for by name; for more, the whole list is one request as well. */
const MOST_BY_NAME = 100;

/**
 * Looks symbols up in exchangeInfo, by the venue's name (`BTCUSDT`) or the canonical one (`BTC/USDT`).
 * @param timeoutMs longest wait for an answer, in milliseconds.
 * @throws TransportError, RateLimitedError when the venue cannot be asked just now.
 * @throws RejectedError when the venue refuses to list its symbols.
 */
export async function resolveSymbols(
  restUrl: string,
  symbols: readonly string[],
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<ResolvedSymbols> {
  const names = [...new Set(symbols.map((symbol) => symbol.trim().toUpperCase()))];
  if (names.length === 0) return nothingNamed();
  const api: RestApi = { url: restUrl, signal, timeoutMs };
  const listed = (await fetchByName(api, names)) ?? (await fetchSymbols(api, []));
  const known = new Map<string, WireSymbol>();
  for (const symbol of listed) known.set(symbol.symbol, symbol).set(canonical(symbol), symbol);
  const found = new Set(names.flatMap((name) => known.get(name) ?? []));
  const unknown = names.filter((name) => !known.has(name));
  return {
    instruments: [...found].map(instrumentOf),
    rejected: unknown.map((symbol) => ({ symbol, reason: unknownSymbol(symbol, [...known.keys()]) })),
  };
}

function nothingNamed(): ResolvedSymbols {
  const reason = 'no symbol is named: name some, as in symbols: ["BTCUSDT"]';
  return { instruments: [], rejected: [{ symbol: '', reason }] };
}

function unknownSymbol(symbol: string, listed: readonly string[]): string {
  // In the form, with a slash or without, that was asked for.
  const alike = listed.filter((name) => name.includes('/') === symbol.includes('/'));
  const nearest = nearestNames(symbol, alike);
  const hint = nearest.length === 0 ? '' : `: did you mean ${nearest.join(' or ')}?`;
  return `Binance has no symbol ${symbol.slice(0, 64)}${hint}`;
}

function instrumentOf(symbol: WireSymbol): Instrument {
  return { symbol: canonical(symbol), venueSymbol: symbol.symbol, assetClass: 'CRYPTO' };
}

function canonical({ baseAsset, quoteAsset }: WireSymbol): string {
  return `${baseAsset}/${quoteAsset}`;
}

/** `undefined` when one of the names is unknown: the venue does not say which, so the whole list is needed. */
async function fetchByName(api: RestApi, names: readonly string[]): Promise<WireSymbol[] | undefined> {
  if (names.length > MOST_BY_NAME || !names.every((name) => ASKABLE.test(name))) return undefined;
  try {
    return await fetchSymbols(api, names);
  } catch (error) {
    if (error instanceof RejectedError) return undefined;
    throw error;
  }
}
