import { microsFromEpoch, type Micros } from '@autotrader/schemas';
import { KLINE_INTERVALS } from '../market/kline-interval.js';
import { badCombination, illegalCharacters, missingParameter, RestError } from './rest-error.js';

const WHOLE = '^[0-9]{1,20}$';
/** Capitals, digits and, since December 2025, letters beyond ASCII. */
const SYMBOL = /^[\p{Lu}\p{Lo}0-9._-]{1,40}$/u;

/** Reads a request's query as strictly as the venue does; every getter throws RestError. */
export class RestParameters {
  constructor(private readonly query: URLSearchParams) {}

  has(name: string): boolean {
    return this.query.has(name);
  }

  /** The mandatory `symbol`. */
  symbol(): string {
    const symbol = this.query.get('symbol');
    if (symbol === null || symbol === '') throw missingParameter('symbol');
    return legalSymbol('symbol', symbol);
  }

  /** `symbol` or `symbols` (a JSON array); undefined means all. */
  symbols(): readonly string[] | undefined {
    const list = this.query.get('symbols');
    if (list !== null && this.has('symbol')) throw badCombination();
    if (list === null) return this.has('symbol') ? [this.symbol()] : undefined;
    return symbolList(list).map((symbol) => legalSymbol('symbols', symbol));
  }

  /** `limit`: what is more than the most is cut to it. */
  limit(otherwise: number, most: number): number {
    const limit = this.wholeNumber('limit') ?? otherwise;
    if (limit === 0) throw illegalCharacters('limit', WHOLE);
    return Math.min(limit, most);
  }

  wholeNumber(name: string): number | undefined {
    const text = this.query.get(name);
    if (text === null) return undefined;
    if (!/^[0-9]{1,20}$/.test(text)) throw illegalCharacters(name, WHOLE);
    return Number(text);
  }

  /** A time in milliseconds or microseconds: the number of digits tells. */
  time(name: string): Micros | undefined {
    const time = this.wholeNumber(name);
    if (time === undefined) return undefined;
    if (time < 1e11) return time * 1000; // milliseconds of the first years
    if (time > Number.MAX_SAFE_INTEGER) throw illegalCharacters(name, WHOLE);
    return microsFromEpoch(time);
  }

  interval(): string {
    const interval = this.query.get('interval');
    if (interval === null || interval === '') throw missingParameter('interval');
    if (!KLINE_INTERVALS.includes(interval)) throw new RestError(400, -1120, 'Invalid interval.');
    return interval;
  }
}

function legalSymbol(name: string, symbol: string): string {
  if (!SYMBOL.test(symbol)) throw illegalCharacters(name, '^[A-Z0-9-_.]{1,20}$');
  return symbol;
}

function symbolList(json: string): readonly string[] {
  const legal = String.raw`^\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\]$`;
  try {
    const list = JSON.parse(json) as unknown;
    if (Array.isArray(list) && list.every((each): each is string => typeof each === 'string')) return list;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw illegalCharacters('symbols', legal);
}
