import { createHash } from 'node:crypto';
import type { Batch, Instrument } from '@autotrader/connector-core';
import {
  type CandleInterval,
  DukascopyHistory,
  type DukascopyHistoryOptions,
  type DukascopyInstrument,
} from '@autotrader/connector-dukascopy';
import type { Micros, OHLCV } from '@autotrader/schemas';
import type { CalendarDate, Dataset, Fetched, TimeRange } from '../dataset.js';
import { isForexHour } from './market-week.js';

const MILLI = 1_000;
const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
/** A file appears an hour or two after its time is over. */
const PUBLISHED_WITHIN = 3 * HOUR;
const VENUE = 'DUKASCOPY';
const SIDES = ['bid', 'ask'] as const;

/** What of Dukascopy is wanted. */
export interface DukascopyWish {
  /** Ticks, or candles of a length. */
  readonly timespan: 'tick' | 'minute' | 'hour' | 'day';
  readonly requestsPerSecond: number;
}

/** Ticks of Dukascopy by the hour, or its candles by the file. */
export function dukascopyDataset(wish: DukascopyWish, options: DukascopyHistoryOptions): Dataset {
  const { requestsPerSecond } = wish;
  const history = new DukascopyHistory({ ...options, requestsPerSecond });
  const common = {
    venue: VENUE,
    instrument: async (symbol: string) => history.instrument(symbol),
    startOfDay: (_: Instrument, { year, month, day }: CalendarDate) => Date.UTC(year, month - 1, day) * MILLI,
    days: (_: Instrument, range: TimeRange) => utcDays(range),
    isOpen: ({ to }: TimeRange, now: Micros) => to + PUBLISHED_WITHIN > now,
    secondsFor: (requests: number) => Math.max(0, requests - 1) / requestsPerSecond,
  };
  return wish.timespan === 'tick'
    ? { ...common, ...tickParts(history) }
    : {
        ...common,
        ...candleParts(history, ({ minute: '1m', hour: '1h', day: '1d' } as const)[wish.timespan]),
      };
}

type Parts = Omit<Dataset, 'venue' | 'instrument' | 'startOfDay' | 'days' | 'isOpen' | 'secondsFor'>;

function tickParts(history: DukascopyHistory): Parts {
  return {
    name: 'dukascopy ticks',
    stream: 'ticks',
    rows: 'tick',
    tasks: (instrument, range) =>
      alignedTasks(
        range,
        beginsOf(instrument).ticks,
        (time) => time - (time % HOUR),
        () => HOUR,
      ),
    requestsOf: () => 1,
    expected: (instrument, range) => (isForex(instrument) ? forexHours(range) : []),
    fetch: async (instrument, { from }, signal): Promise<Fetched> => {
      const { content, checksum, way } = await history.hour(instrument as DukascopyInstrument, from, signal);
      return { batches: content.length === 0 ? [] : [content], checksum, source: way };
    },
  };
}

function candleParts(history: DukascopyHistory, interval: CandleInterval): Parts {
  const starts = { '1m': startOfDay, '1h': startOfMonth, '1d': startOfYear }[interval];
  const lengths = { '1m': () => DAY, '1h': lengthOfMonth, '1d': lengthOfYear }[interval];
  return {
    name: `dukascopy ${interval}`,
    stream: 'candles',
    rows: 'bars',
    interval,
    adjustment: '',
    tasks: (instrument, range) => alignedTasks(range, beginsOf(instrument)[interval], starts, lengths),
    requestsOf: () => SIDES.length,
    expected: (instrument, range) => (isForex(instrument) ? forexDays(range) : []),
    fetch: async (instrument, { from }, signal): Promise<Fetched> => {
      const rows: OHLCV[] = [];
      const checksums: string[] = [];
      let source = '';
      for (const side of SIDES) {
        const file = await history.candles(instrument as DukascopyInstrument, interval, side, from, signal);
        rows.push(...file.content);
        checksums.push(file.checksum);
        source = file.way;
      }
      return { batches: barBatch(rows), checksum: checksumOf(checksums), source };
    },
  };
}

/** Bars as a batch; none as none. */
export function barBatch(rows: readonly OHLCV[]): Batch[] {
  return rows.length === 0 ? [] : [{ type: 'bar', length: rows.length, rows }];
}

/** One checksum of several; of none or of empty ones it is empty. */
export function checksumOf(checksums: readonly string[]): string {
  const there = checksums.filter((checksum) => checksum !== '');
  if (there.length < 2) return there[0] ?? '';
  return createHash('sha256').update(there.join(' ')).digest('hex');
}

/** Whole times that overlap a range, from where there is something. */
function* alignedTasks(
  { from, to }: TimeRange,
  begins: Micros,
  startOf: (time: Micros) => Micros,
  lengthOf: (start: Micros) => Micros,
): Generator<TimeRange> {
  for (let start = startOf(Math.max(from, begins)); start < to;) {
    const end = start + lengthOf(start);
    yield { from: start, to: end };
    start = end;
  }
}

function beginsOf(instrument: Instrument): DukascopyInstrument['begins'] {
  return (instrument as DukascopyInstrument).begins;
}

function isForex({ assetClass }: Instrument): boolean {
  return assetClass === 'FOREX';
}

function* forexHours({ from, to }: TimeRange): Generator<TimeRange> {
  for (let hour = from - (from % HOUR); hour < to; hour += HOUR)
    if (hour >= from && hour + HOUR <= to && isForexHour(hour)) yield { from: hour, to: hour + HOUR };
}

/** Days of which at least the noon is traded. */
function* forexDays({ from, to }: TimeRange): Generator<TimeRange> {
  for (let day = startOfDay(from); day < to; day += DAY)
    if (day >= from && day + DAY <= to && isForexHour(day + DAY / 2)) yield { from: day, to: day + DAY };
}

/** The days (UTC) that a time is in. */
export function* utcDays({ from, to }: TimeRange): Generator<TimeRange> {
  for (let day = startOfDay(from); day < to; day += DAY) yield { from: day, to: day + DAY };
}

function startOfDay(time: Micros): Micros {
  return time - (time % DAY);
}

function startOfMonth(time: Micros): Micros {
  const date = new Date(time / 1_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) * 1_000;
}

function lengthOfMonth(start: Micros): Micros {
  const date = new Date(start / 1_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) * 1_000 - start;
}

function startOfYear(time: Micros): Micros {
  return Date.UTC(new Date(time / 1_000).getUTCFullYear(), 0) * 1_000;
}

function lengthOfYear(start: Micros): Micros {
  return Date.UTC(new Date(start / 1_000).getUTCFullYear() + 1, 0) * 1_000 - start;
}
