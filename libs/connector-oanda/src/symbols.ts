import { type Instrument, nearestNames, oneLine, type ResolvedSymbols } from '@autotrader/connector-core';
import type { AssetClass } from '@autotrader/schemas';
import { type WireInstrument, WireInstruments } from './protocol.js';
import { ask, type RestApi } from './rest.js';

/**
 * Looks symbols up among the instruments of the account, by the venue's name (`EUR_USD`) or the canonical one (`EUR/USD`).
 * @throws as {@link ask}.
 */
export async function resolveSymbols(api: RestApi, symbols: readonly string[]): Promise<ResolvedSymbols> {
  const names = [...new Set(symbols.map((symbol) => symbol.trim().toUpperCase()))];
  const path = `/v3/accounts/${api.credentials.accountId}/instruments`;
  const { instruments } = await ask(api, path, WireInstruments);
  const known = new Map<string, WireInstrument>();
  for (const instrument of instruments)
    known.set(instrument.name, instrument).set(canonical(instrument), instrument);
  const found = new Set(names.flatMap((name) => known.get(name) ?? []));
  const unknown = names.filter((name) => !known.has(name));
  return {
    instruments: [...found].map(instrumentOf),
    rejected: unknown.map((symbol) => ({ symbol, reason: unknownSymbol(symbol, [...known.keys()]) })),
  };
}

function unknownSymbol(symbol: string, listed: readonly string[]): string {
  const alike = listed.filter((name) => name.includes('/') === symbol.includes('/'));
  const nearest = nearestNames(symbol, alike);
  const hint = nearest.length === 0 ? '' : `: did you mean ${nearest.join(' or ')}?`;
  return `this account of Oanda has no instrument ${oneLine(symbol)}${hint}`;
}

function instrumentOf(instrument: WireInstrument): Instrument {
  return {
    symbol: canonical(instrument),
    venueSymbol: instrument.name,
    assetClass: assetClassOf(instrument),
  };
}

/** The name is base and quote by definition: https://developer.oanda.com/rest-live-v20/primitives-df/#InstrumentName */
function canonical({ name }: WireInstrument): string {
  return name.replace('_', '/');
}

/** A CFD may be on anything; its tag tells, and most without one are on indices. */
function assetClassOf({ type, tags = [] }: WireInstrument): AssetClass {
  if (type === 'CURRENCY') return 'FOREX';
  if (type === 'METAL') return 'COMMODITY';
  const tag = tags.find((each) => each.type === 'ASSET_CLASS')?.name;
  return tag === 'COMMODITY' || tag === 'EQUITY' ? tag : 'INDEX';
}
