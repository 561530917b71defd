import { type Instrument, nearestNames, oneLine, RejectedError } from '@autotrader/connector-core';
import { type AssetClass, type Micros, parseRfc3339 } from '@autotrader/schemas';
import { INSTRUMENT_TABLE } from './instruments.generated.js';
import { VENUE } from './venue-name.js';

/** An instrument of Dukascopy, and what its files need to be read. */
export interface DukascopyInstrument extends Instrument {
  /** The venue's name of it: `EUR/USD`, `AAPL.US/USD`, `USA500.IDX/USD`. */
  readonly name: string;
  /** A price is a whole number of files divided by this: 100,000 for EUR/USD. */
  readonly divisor: number;
  /** Before which there is nothing, microseconds. */
  readonly begins: {
    readonly ticks: Micros;
    readonly '1m': Micros;
    readonly '1h': Micros;
    readonly '1d': Micros;
  };
}

const METALS: ReadonlySet<string> = new Set(['XAU', 'XAG', 'XPD', 'XPT']);
const CRYPTO: ReadonlySet<string> = new Set(
  'ADA AVE BAT BCH BTC CMP DSH DUK+ ENJ EOS ETH LNK LTC MAT MKR TRX UNI XLM YFI'.split(' '),
);
/** What stands behind the dot of a name, unless it is a country: of the bonds, the contract follows a future. */
const GROUPS: Readonly<Record<string, AssetClass>> = { IDX: 'INDEX', CMD: 'COMMODITY', TR: 'INDEX' };

let known: ReadonlyMap<string, DukascopyInstrument> | undefined;

/** Every instrument there is, by code. */
export function instruments(): DukascopyInstrument[] {
  return [...new Set(byName().values())];
}

/**
 * Looks an instrument up by its code (`EURUSD`), the venue's name (`EUR/USD`, `AAPL.US/USD`), or the canonical one (`AAPL`).
 * @throws RejectedError for one the venue does not have, with the nearest names.
 */
export function instrumentOf(symbol: string): DukascopyInstrument {
  const name = symbol.trim().toUpperCase();
  const found = byName().get(name);
  if (found !== undefined) return found;
  const nearest = nearestNames(name, [...byName().keys()]);
  const hint = nearest.length === 0 ? '' : `: did you mean ${nearest.join(' or ')}?`;
  throw new RejectedError(VENUE, `Dukascopy has no instrument ${oneLine(symbol)}${hint}`);
}

function byName(): ReadonlyMap<string, DukascopyInstrument> {
  if (known !== undefined) return known;
  const all = INSTRUMENT_TABLE.trim().split('\n').map(parseLine);
  const names = new Map<string, DukascopyInstrument>();
  for (const instrument of all) {
    names.set(instrument.symbol, instrument);
    names.set(instrument.name, instrument);
  }
  // A code is what the venue's files go by, whatever else has that name.
  for (const instrument of all) names.set(instrument.venueSymbol, instrument);
  return (known = names);
}

function parseLine(line: string): DukascopyInstrument {
  const [code = '', name = '', divisor, ticks, minutes, hours, days] = line.split('|');
  return {
    symbol: canonical(name),
    venueSymbol: code,
    assetClass: assetClassOf(name),
    name,
    divisor: Number(divisor),
    begins: {
      ticks: parseRfc3339(`${ticks}:00:00Z`),
      '1m': parseRfc3339(`${minutes}T00:00:00Z`),
      '1h': parseRfc3339(`${hours}-01T00:00:00Z`),
      '1d': parseRfc3339(`${days}-01-01T00:00:00Z`),
    },
  };
}

/** A stock of the United States goes by its ticker; elsewhere tickers are of their exchange. */
function canonical(name: string): string {
  return name.replace(/\.US\/USD$/, '');
}

function assetClassOf(name: string): AssetClass {
  const [base = ''] = name.split('/');
  const [, group] = /\.([A-Z]+)$/.exec(base) ?? [];
  if (group !== undefined) return GROUPS[group] ?? 'EQUITY';
  if (METALS.has(base)) return 'COMMODITY';
  return CRYPTO.has(base) ? 'CRYPTO' : 'FOREX';
}
