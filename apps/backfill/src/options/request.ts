import type { Micros } from '@autotrader/schemas';
import { UserError } from '@autotrader/runtime';
import type { Instrument } from '@autotrader/connector-core';
import type { Dataset, TimeRange } from '../dataset.js';
import { momentText, type Moment, nextDate, parseMoment, utcOf } from './moment.js';
import type { Settings } from './settings.js';

/** Which part of the work a worker does. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What is wanted: symbols and a time. */
export interface BackfillRequest {
  readonly symbols: readonly string[];
  readonly from: Moment;
  /** A date belongs to it. */
  readonly to: Moment;
  readonly shard: Shard;
}

const DAY = 86_400_000_000;

/** @throws UserError when something is missing, or the time is none, or not there yet. */
export function requestOf(settings: Settings, now: Micros): BackfillRequest {
  const from = parseMoment('--from', required('--from', settings.from));
  const to = parseMoment('--to', required('--to', settings.to));
  const [begins, ends] = [earliest(from), 'time' in to ? to.time : utcOf(nextDate(to.date))];
  if (begins >= ends)
    throw new UserError(`--from ${momentText(from)} is not before --to ${momentText(to)}: swap them`);
  const today = new Date(now / 1_000).toISOString().slice(0, 10);
  if (earliest(from) > now)
    throw new UserError(`--from ${momentText(from)} is in the future: give ${today} or earlier`);
  // It may be tomorrow already where the user is.
  if (earliest(to) > now + DAY)
    throw new UserError(`--to ${momentText(to)} is in the future: give ${today} or earlier`);
  const symbols = settings.grouped === true ? ['*'] : settings.symbols;
  if (symbols === undefined)
    throw new UserError('--symbols is missing: name them, like --symbols EURUSD,GBPUSD');
  if (settings.grouped === true && settings.symbols !== undefined)
    throw new UserError('--grouped is the whole market: leave out --symbols');
  return { symbols: [...new Set(symbols)], from, to, shard: shardOf(settings.shard) };
}

/** The time of a request for an instrument: dates begin when its market's do. */
export function rangeOf({ from, to }: BackfillRequest, dataset: Dataset, instrument: Instrument): TimeRange {
  return {
    from: 'time' in from ? from.time : dataset.startOfDay(instrument, from.date),
    to: 'time' in to ? to.time : dataset.startOfDay(instrument, nextDate(to.date)),
  };
}

function earliest(moment: Moment): Micros {
  return 'time' in moment ? moment.time : utcOf(moment.date);
}

function required(option: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new UserError(`${option} is missing: give a date like 2024-10-01`);
}

function shardOf(text = '0/1'): Shard {
  const [index = 0, count = 1] = text.split('/').map(Number);
  if (index < count) return { index, count };
  throw new UserError(
    `--shard ${text}: of ${count} shares the first is 0/${count}, the last ${count - 1}/${count}`,
  );
}
