import type { Micros } from '@autotrader/schemas';
import { newYorkMidnight } from '../new-york.js';
import type { SimulatedAggregate } from './simulator.js';

const MILLI = 1_000;
const RANGE = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/(\d+)\/(\w+)\/([^/]+)\/([^/]+)$/;
const GROUPED = /^\/v2\/aggs\/grouped\/locale\/us\/market\/stocks\/(\d{4})-(\d\d)-(\d\d)$/;
const TICKERS = '/v3/reference/tickers';
/** When the market closes, milliseconds into the day: the whole market's day is stamped with it. */
const CLOSE_MS = 16 * 3_600_000;
const PAIRS: Readonly<Record<string, readonly [base: string, quote: string]>> = {
  'C:EURUSD': ['EUR', 'USD'],
  'X:BTCUSD': ['BTC', 'USD'],
};

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** What answers are made from. */
export interface Venue {
  readonly url: string;
  readonly stocks: readonly string[];
  readonly pageSize: number;
  now(): Micros;
  aggregates(
    ticker: string,
    multiplier: number,
    timespan: string,
    from: Micros,
    to: Micros,
    isAdjusted?: boolean,
  ): SimulatedAggregate[];
}

/** The answer to a request. */
export function answerTo(url: URL, venue: Venue): Answer {
  return rangeAnswer(url, venue) ?? groupedAnswer(url, venue) ?? tickersAnswer(url) ?? notFound();
}

function rangeAnswer(url: URL, venue: Venue): Answer | undefined {
  const [, name = '', multiplier = '', timespan = '', first = '', last = ''] = RANGE.exec(url.pathname) ?? [];
  if (name === '') return undefined;
  const ticker = decodeURIComponent(name);
  const adjusted = url.searchParams.get('adjusted') !== 'false';
  const [from, to] = [timeOf(first, false), timeOf(last, true)];
  const known = venue.stocks.includes(ticker) || ticker in PAIRS;
  const all = known ? venue.aggregates(ticker, Number(multiplier), timespan, from, to, adjusted) : [];
  const offset = Number(url.searchParams.get('cursor') ?? 0);
  const results = all.slice(offset, offset + venue.pageSize);
  const next = offset + results.length < all.length ? nextPage(url, venue, offset + results.length) : {};
  const about = { ticker, queryCount: results.length, resultsCount: results.length, adjusted };
  return {
    status: 200,
    body: { ...about, ...(results.length > 0 && { results }), ...ok(results.length), ...next },
  };
}

/** It names the venue's own host, whatever it was asked by, and no key. */
function nextPage(url: URL, venue: Venue, cursor: number): { next_url: string } {
  const next = new URL(url.pathname + url.search, venue.url);
  next.searchParams.set('cursor', String(cursor));
  return { next_url: next.href.replace(venue.url, 'https://api.massive.com') };
}

function groupedAnswer(url: URL, venue: Venue): Answer | undefined {
  const match = GROUPED.exec(url.pathname);
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const [from, to] = [newYorkMidnight({ year, month, day }), newYorkMidnight({ year, month, day: day + 1 })];
  const adjusted = url.searchParams.get('adjusted') !== 'false';
  const results = venue.stocks.flatMap((T) =>
    venue.aggregates(T, 1, 'day', from, to, adjusted).map((each) => ({ T, ...each, t: each.t + CLOSE_MS })),
  );
  return { status: 200, body: { adjusted, ...(results.length > 0 && { results }), ...ok(results.length) } };
}

function tickersAnswer(url: URL): Answer | undefined {
  if (url.pathname !== TICKERS) return undefined;
  const ticker = url.searchParams.get('ticker') ?? '';
  const pair = PAIRS[ticker];
  if (pair === undefined) return { status: 200, body: { results: [], ...ok(0) } };
  const [base_currency_symbol, currency_symbol] = pair;
  const market = ticker.startsWith('C:') ? 'fx' : 'crypto';
  return {
    status: 200,
    body: { results: [{ ticker, market, base_currency_symbol, currency_symbol }], ...ok(1) },
  };
}

function ok(count: number): object {
  return { status: 'OK', request_id: '6a7e466379af0a71039d60cc78e72282', count };
}

function notFound(): Answer {
  return { status: 404, body: { status: 'NOT_FOUND', message: 'Data not found.' } };
}

/** A day, of which the last belongs to the range, or milliseconds, of which the last does, too. */
function timeOf(text: string, isLast: boolean): Micros {
  if (/^\d+$/.test(text)) return (Number(text) + (isLast ? 1 : 0)) * MILLI;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return newYorkMidnight({ year, month, day: day + (isLast ? 1 : 0) });
}
