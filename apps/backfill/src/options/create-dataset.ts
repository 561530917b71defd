import type { ConnectorError, Downloads } from '@autotrader/connector-core';
import { type Secrets, UserError } from '@autotrader/runtime';
import type { Dataset } from '../dataset.js';
import { dukascopyDataset } from '../datasets/dukascopy.js';
import { polygonDataset } from '../datasets/polygon.js';
import type { Settings } from './settings.js';

/** The venues there are. */
export const VENUES = ['dukascopy', 'polygon'] as const;
/** A venue. */
export type VenueName = (typeof VENUES)[number];

/** What datasets are made with. */
export interface DatasetContext {
  readonly cache: Downloads | undefined;
  readonly secrets: Secrets;
  /** Whether the venue will be asked, so that a key is needed; of a pair of Polygon it is in any case. */
  readonly isAsked: boolean;
  /** Called before something is tried again. */
  readonly onRetry: (error: ConnectorError, waitMs: number) => void;
  /** Called with what a person should hear of. */
  readonly onNotice: (text: string) => void;
}

const REQUESTS_PER_SECOND = 2;
const FREE_PER_MINUTE = 5;
const PAID_PER_MINUTE = 3_000;

/** What a venue is asked for. @throws UserError for options that the venue does not have. */
export function createDataset(venue: VenueName, settings: Settings, context: DatasetContext): Dataset {
  return venue === 'dukascopy' ? ofDukascopy(settings, context) : ofPolygon(settings, context);
}

function ofDukascopy(settings: Settings, { cache, onRetry, onNotice }: DatasetContext): Dataset {
  refuse(settings, 'dukascopy', ['multiplier', 'adjusted', 'grouped', 'plan', 'requestsPerMinute']);
  const {
    timespan = 'tick',
    requestsPerSecond = REQUESTS_PER_SECOND,
    transport,
    baseUrl,
    retries,
  } = settings;
  if (timespan !== 'tick' && timespan !== 'minute' && timespan !== 'hour' && timespan !== 'day')
    throw new UserError(`--timespan ${timespan}: dukascopy has tick, minute, hour and day`);
  return dukascopyDataset(
    { timespan, requestsPerSecond },
    {
      ...{ transport, cache, retries, onRetry },
      ...(baseUrl === undefined ? {} : { bi5Url: baseUrl, jettaUrl: `${baseUrl.replace(/\/+$/, '')}/v1` }),
      onChange: (way, reason) => onNotice(`Dukascopy by ${way} from now on: ${reason}`),
    },
  );
}

function ofPolygon(settings: Settings, { cache, secrets, isAsked, onRetry }: DatasetContext): Dataset {
  refuse(settings, 'polygon', ['transport', 'requestsPerSecond']);
  const { timespan = 'day', multiplier = 1, adjusted = true, grouped = false } = settings;
  const { plan = 'free', requestsPerMinute, baseUrl, retries } = settings;
  if (timespan === 'tick')
    throw new UserError('--timespan tick: polygon has second, minute, hour, day, week, month, quarter, year');
  if (grouped && (timespan !== 'day' || multiplier !== 1))
    throw new UserError('--grouped is of days: leave out --timespan');
  const perMinute = requestsPerMinute ?? (plan === 'free' ? FREE_PER_MINUTE : PAID_PER_MINUTE);
  const wish = {
    ...{ span: { timespan, multiplier }, isAdjusted: adjusted, isGrouped: grouped },
    secondsFor: (requests: number) => Math.floor(Math.max(0, requests - 1) / perMinute) * 60,
  };
  const apiKey = secrets('POLYGON_API_KEY') ?? (isAsked ? '' : 'none');
  try {
    return polygonDataset(wish, { apiKey, baseUrl, plan, requestsPerMinute, retries, cache, onRetry });
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(error.message);
    throw error;
  }
}

function refuse(settings: Settings, venue: VenueName, others: readonly (keyof Settings)[]): void {
  const given = others.find((name) => settings[name] !== undefined);
  if (given === undefined) return;
  const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UserError(`--${option} is nothing that ${venue} has: leave it out`);
}
