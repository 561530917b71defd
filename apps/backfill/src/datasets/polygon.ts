import { type Instrument, RejectedError } from '@autotrader/connector-core';
import {
  intervalOf,
  newYorkDate,
  newYorkMidnight,
  PolygonHistory,
  type PolygonHistoryOptions,
  type Span,
} from '@autotrader/connector-polygon';
import type { Micros, OHLCV } from '@autotrader/schemas';
import type { CalendarDate, Dataset, Fetched, TimeRange } from '../dataset.js';
import { barBatch, checksumOf, utcDays } from './dukascopy.js';
import { isTradingDay, newYorkDays } from './new-york-days.js';

const VENUE = 'POLYGON';
const HOUR = 3_600_000_000;
/** After the end of a day its bars may still be corrected. */
const SETTLED_WITHIN = 4 * HOUR;
/** Aggregates of a page are counted in minutes or days, and there are at most so many. */
const PAGE = 50_000;
const MINUTES_A_DAY = 1_440;

/** What of Polygon is wanted. */
export interface PolygonWish {
  readonly span: Span;
  readonly isAdjusted: boolean;
  /** The whole market by the day, in place of symbols. */
  readonly isGrouped: boolean;
  readonly secondsFor: (requests: number) => number;
}

/** Bars of Polygon. */
export function polygonDataset(wish: PolygonWish, options: PolygonHistoryOptions): Dataset {
  const { span, isAdjusted, isGrouped, secondsFor } = wish;
  const history = new PolygonHistory({ ...options, adjusted: isAdjusted });
  const interval = intervalOf(span);
  const parts = ['polygon', interval, ...(isGrouped ? ['grouped'] : []), ...(isAdjusted ? ['SPLITS'] : [])];
  const common = {
    ...{ name: parts.join(' '), venue: VENUE, rows: 'bars' as const, interval },
    adjustment: isAdjusted ? 'SPLITS' : '',
    startOfDay: (instrument: Instrument, date: CalendarDate) =>
      isStock(instrument) ? newYorkMidnight(date) : Date.UTC(date.year, date.month - 1, date.day) * 1_000,
    days: (instrument: Instrument, range: TimeRange) =>
      isStock(instrument) ? daysOfNewYork(range) : utcDays(range),
    isOpen: ({ to }: TimeRange, now: Micros) => to + SETTLED_WITHIN > now,
    secondsFor,
  };
  return isGrouped ? { ...common, ...groupedParts(history) } : { ...common, ...tickerParts(history, span) };
}

type Parts = Pick<Dataset, 'stream' | 'instrument' | 'tasks' | 'requestsOf' | 'expected' | 'fetch'>;

function tickerParts(history: PolygonHistory, span: Span): Parts {
  return {
    stream: 'aggregates',
    instrument: (symbol, signal) => history.instrument(symbol, signal),
    tasks: (instrument, range, now) => chunks(range, span, startOfToday(instrument, now)),
    requestsOf: ({ from, to }) => Math.max(1, Math.ceil(basesOf(span, (to - from) / (24 * HOUR)) / PAGE)),
    expected: (instrument, range) => (isStock(instrument) && !isLong(span) ? tradingDays(range) : []),
    fetch: async (instrument, { from, to }, signal): Promise<Fetched> => {
      const bars: OHLCV[] = [];
      const checksums: string[] = [];
      for await (const page of history.pages(instrument, span, from, to, signal)) {
        bars.push(...page.bars);
        checksums.push(page.checksum);
      }
      return { batches: barBatch(bars), checksum: checksumOf(checksums), source: 'rest' };
    },
  };
}

function groupedParts(history: PolygonHistory): Parts {
  return {
    stream: 'grouped',
    instrument: async (symbol) => {
      if (symbol === '*') return { symbol, venueSymbol: '*', assetClass: 'EQUITY' };
      throw new RejectedError(VENUE, 'the whole market has no symbols: leave out --symbols, or --grouped');
    },
    tasks: (_, range) => tradingDays(range),
    requestsOf: () => 1,
    expected: (_, range) => tradingDays(range),
    fetch: async (_, { from }, signal): Promise<Fetched> => {
      const { bars, checksum } = await history.grouped(from, signal);
      return { batches: barBatch(bars), checksum, source: 'rest' };
    },
  };
}

/**
 * A month of short bars, a year of days, ten years of longer ones; the part that is over by itself, for the rest changes every
 * day. What a range cuts off is cut off.
 */
function* chunks({ from, to }: TimeRange, span: Span, today: Micros): Generator<TimeRange> {
  const months = { second: 1, minute: 1, hour: 1, day: 12, week: 12, month: 120, quarter: 120, year: 120 }[
    span.timespan
  ];
  for (let start = from; start < to;) {
    const date = new Date(start / 1_000);
    const index = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const { year, month } = { year: 0, month: (Math.floor(index / months) + 1) * months + 1 };
    const next = newYorkMidnight({
      year: year + Math.floor((month - 1) / 12),
      month: ((month - 1) % 12) + 1,
      day: 1,
    });
    const end = Math.min(to, next, start < today ? today : Infinity);
    yield { from: start, to: end };
    start = end;
  }
}

/** A pair's day is one of UTC, a share's one of New York. */
function startOfToday(instrument: Instrument, now: Micros): Micros {
  const settled = now - SETTLED_WITHIN;
  return isStock(instrument) ? newYorkMidnight(newYorkDate(settled)) : settled - (settled % (24 * HOUR));
}

function basesOf({ timespan, multiplier }: Span, days: number): number {
  if (timespan === 'second') return (days * 86_400) / multiplier;
  return timespan === 'minute' || timespan === 'hour' ? days * MINUTES_A_DAY : days;
}

function* daysOfNewYork({ from, to }: TimeRange): Generator<TimeRange> {
  for (const { begins } of newYorkDays(newYorkMidnight(newYorkDate(from)), to))
    yield { from: begins, to: nextDay(begins) };
}

function* tradingDays({ from, to }: TimeRange): Generator<TimeRange> {
  for (const day of newYorkDays(from, to))
    if (isTradingDay(day)) yield { from: day.begins, to: nextDay(day.begins) };
}

/** Whether a bar is of more than a day. */
function isLong({ timespan, multiplier }: Span): boolean {
  return (
    timespan === 'week' ||
    timespan === 'month' ||
    timespan === 'quarter' ||
    timespan === 'year' ||
    (timespan === 'day' && multiplier > 1)
  );
}

function nextDay(begins: Micros): Micros {
  const { year, month, day } = newYorkDate(begins);
  return newYorkMidnight({ year, month, day: day + 1 });
}

function isStock({ assetClass }: Instrument): boolean {
  return assetClass === 'EQUITY' || assetClass === 'INDEX';
}
