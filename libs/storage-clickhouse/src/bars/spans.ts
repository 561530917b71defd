import { type Run, runsOf } from './minutes.js';
import { sqlMinute, sqlText, sqlTexts } from './sql-text.js';

/** Bars of some symbols in the same minutes. */
export interface Span extends Run {
  readonly venue: string;
  readonly priceType: 'trade' | 'mid';
  readonly symbols: readonly string[];
}

/** Minutes of the bars of one symbol. */
export interface SymbolMinutes {
  readonly venue: string;
  readonly priceType: 'trade' | 'mid';
  readonly symbol: string;
  readonly minutes: ReadonlySet<number>;
}

/** As much as one statement is given: a busy symbol has millions of ticks a day. */
const MOST_MINUTES = 1440;
/** Each is a condition, several times over: a server takes no statement of any length. */
const MOST_SPANS = 100;
/** Of a symbol that is quiet now and then, minutes between are computed again for nothing: it costs less than a condition. */
const BRIDGED = 15;

/** The minutes as spans, symbols with the same minutes together, in portions for one statement each. */
export function portionsOf(all: readonly SymbolMinutes[]): Span[][] {
  const portions: Span[][] = [];
  let portion: Span[] = [];
  let minutes = 0;
  for (const span of spansOf(all)) {
    const weight = span.symbols.length * (span.to - span.from + 1);
    if (portion.length === MOST_SPANS || (portion.length > 0 && minutes + weight > MOST_MINUTES)) {
      portions.push(portion);
      portion = [];
      minutes = 0;
    }
    portion.push(span);
    minutes += weight;
  }
  return portion.length === 0 ? portions : [...portions, portion];
}

function spansOf(all: readonly SymbolMinutes[]): Span[] {
  const symbolsOf = new Map<string, Omit<Span, 'symbols'> & { symbols: string[] }>();
  for (const { venue, priceType, symbol, minutes } of all)
    for (const { from, to } of runsOf(minutes, MOST_MINUTES, BRIDGED)) {
      const key = JSON.stringify([venue, priceType, from, to]);
      const span = symbolsOf.get(key);
      if (span === undefined) symbolsOf.set(key, { venue, priceType, from, to, symbols: [symbol] });
      else span.symbols.push(symbol);
    }
  return [...symbolsOf.values()].flatMap(splitBySymbols);
}

function splitBySymbols(span: Span): Span[] {
  const most = Math.max(1, Math.floor(MOST_MINUTES / (span.to - span.from + 1)));
  const parts: Span[] = [];
  for (let first = 0; first < span.symbols.length; first += most)
    parts.push({ ...span, symbols: span.symbols.slice(first, first + most) });
  return parts;
}

/** Condition on ticks: those that the minute bars of the span are made from. */
export function ticksOf({ venue, priceType, symbols, from, to }: Span): string {
  const kind = priceType === 'trade' ? 'trade' : 'quote';
  return (
    `venue = ${sqlText(venue)} AND symbol IN ${sqlTexts(symbols)} AND kind = ${sqlText(kind)}` +
    ` AND timestamp >= ${sqlMinute(from)} AND timestamp < ${sqlMinute(to + 1)}`
  );
}

/** Condition on bars: those of the span that overlap it and are `length` minutes long, an SQL expression. */
export function barsOf({ venue, priceType, symbols, from, to }: Span, time: string, length: string): string {
  return (
    `venue = ${sqlText(venue)} AND symbol IN ${sqlTexts(symbols)} AND price_type = ${sqlText(priceType)}` +
    ` AND ${time} > ${sqlMinute(from)} - toIntervalMinute(${length}) AND ${time} < ${sqlMinute(to + 1)}`
  );
}
