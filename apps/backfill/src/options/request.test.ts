import { describe, expect, it } from '@jest/globals';
import { parseMoment } from './moment.js';
import { requestOf } from './request.js';
import { createDataset, type VenueName } from './create-dataset.js';
import { checkedSettings, loadSettings } from './load.js';
import type { Settings } from './settings.js';

const NOW = Date.UTC(2026, 10, 27, 4) * 1_000;
const settings = (more: Settings = {}): Settings => ({
  symbols: ['A'],
  from: '2024-01-01',
  to: '2024-01-31',
  ...more,
});
const request = (more: Settings = {}) => requestOf(settings(more), NOW);

describe('a request', () => {
  it('is of days, of which the last one belongs to it, or of exact times', () => {
    expect(request()).toMatchObject({
      from: { date: { year: 2024, month: 1, day: 1 } },
      to: { date: { year: 2024, month: 1, day: 31 } },
      shard: { index: 0, count: 1 },
    });
    expect(request({ to: '2024-01-01' }).symbols).toEqual(['A']);
    expect(request({ from: '2024-01-01T09:30', to: '2024-01-01T10:30:00.5+01:00' })).toMatchObject({
      from: { time: Date.UTC(2024, 0, 1, 9, 30) * 1_000 },
      to: { time: Date.UTC(2024, 0, 1, 9, 30, 0, 500) * 1_000 },
    });
  });

  it.each<[Settings, string]>([
    [{ from: '2024-02-01' }, '--from 2024-02-01 is not before --to 2024-01-31: swap them'],
    [
      { from: '2027-01-01', to: '2027-01-02' },
      '--from 2027-01-01 is in the future: give 2026-11-27 or earlier',
    ],
    [{ to: '2027-01-01' }, '--to 2027-01-01 is in the future: give 2026-11-27 or earlier'],
    [
      { from: '1.1.2024' },
      '--from is "1.1.2024": give a date like 2024-10-01, or a time like 2024-10-01T09:00Z',
    ],
    [{ from: '2023-02-29' }, '--from is "2023-02-29": give a date'],
    [{ from: '2024-01-01T25:00' }, '--from is "2024-01-01T25:00": give a date'],
    [{ from: undefined }, '--from is missing: give a date like 2024-10-01'],
    [{ symbols: undefined }, '--symbols is missing: name them'],
    [{ grouped: true }, '--grouped is the whole market: leave out --symbols'],
    [{ shard: '3/3' }, '--shard 3/3: of 3 shares the first is 0/3, the last 2/3'],
  ])('%j is refused in one line', (more, message) => {
    expect(() => request(more)).toThrow(message);
  });

  it('names what was meant by an option that is none', () => {
    const name = (path: string): string => `backfill.yaml: ${path}`;
    expect(() => checkedSettings({ symbol: ['A'] }, name)).toThrow(
      'backfill.yaml: symbol is no option: did you mean symbols?',
    );
    expect(() => checkedSettings({ symbols: 'A' }, name)).toThrow(
      'backfill.yaml: symbols: Invalid input: expected array',
    );
  });

  it('reads a date as it is', () => {
    expect(parseMoment('--from', '2024-02-29')).toEqual({ date: { year: 2024, month: 2, day: 29 } });
  });

  it.each<[VenueName, Settings, string]>([
    ['polygon', { transport: 'bi5' }, '--transport is nothing that polygon has: leave it out'],
    [
      'dukascopy',
      { requestsPerMinute: 5 },
      '--requests-per-minute is nothing that dukascopy has: leave it out',
    ],
    ['dukascopy', { timespan: 'week' }, '--timespan week: dukascopy has tick, minute, hour and day'],
    ['polygon', { grouped: true, timespan: 'minute' }, '--grouped is of days: leave out --timespan'],
    ['polygon', {}, 'Polygon needs an API key: set POLYGON_API_KEY'],
  ])('%s with %j is refused in one line', (venue, more, message) => {
    const nobody = (): void => undefined;
    const context = {
      cache: undefined,
      secrets: () => undefined,
      isAsked: true,
      onRetry: nobody,
      onNotice: nobody,
    };
    expect(() => createDataset(venue, more, context)).toThrow(message);
  });

  it('says what is wrong with a file or an address', () => {
    expect(() => loadSettings('/no/such.yaml')).toThrow('/no/such.yaml cannot be read (ENOENT)');
    expect(() => checkedSettings({ clickhouse: 'ftp://x' }, (path) => `--${path}`)).toThrow(
      '--clickhouse: not an address like http://host:port',
    );
  });
});
