import { newYorkMidnight } from '@autotrader/connector-polygon';
import {
  type PolygonFault,
  type PolygonSimulator,
  startPolygonSimulator,
} from '@autotrader/connector-polygon/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plan, run, verifyAll } from './commands.js';
import type { Settings } from './options/settings.js';
import { desk } from './testing/desk.js';

const LONG_MS = 120_000;
const FROM = newYorkMidnight({ year: 2024, month: 1, day: 1 });
const TO = newYorkMidnight({ year: 2025, month: 1, day: 1 });

const at = desk();
const { query, printed, empty } = at;
let venue: PolygonSimulator;
beforeEach(async () => {
  venue = await startPolygonSimulator({ pageSize: 100 });
  await empty();
});
afterEach(() => venue.stop());

const context = (more: Settings = {}, apiKey: string | undefined = venue.apiKey) =>
  at.context(
    {
      ...{
        symbols: ['AAPL', 'MSFT'],
        from: '2024-01-01',
        to: '2024-12-31',
        timespan: 'day',
        baseUrl: venue.url,
      },
      ...{ requestsPerSecond: undefined, requestsPerMinute: 60_000, retries: 0, ...more },
    },
    { secrets: (name: string) => (name === 'POLYGON_API_KEY' ? apiKey : undefined) },
  );

interface StoredBar {
  readonly time: number;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
}
const bars = (symbol = 'AAPL', adjustment = 'SPLITS'): Promise<StoredBar[]> =>
  query(`SELECT toUnixTimestamp64Micro(open_time) AS time, open, close, volume FROM market_data.bars
    WHERE venue = 'POLYGON' AND symbol = '${symbol}' AND adjustment = '${adjustment}' ORDER BY open_time`);
const truth = (symbol = 'AAPL', from = FROM, to = TO): StoredBar[] =>
  venue
    .aggregates(symbol, 1, 'day', from, to)
    .map(({ t, o, c, v }) => ({ time: t * 1_000, open: o, close: c, volume: v }));

describe('a back-fill of bars', () => {
  it(
    'has every day of the year, the last one too, and asks for nothing again',
    async () => {
      expect(await run('polygon', context())).toBe(0);
      for (const symbol of ['AAPL', 'MSFT']) expect(await bars(symbol)).toEqual(truth(symbol));
      const [last] = await query<{ last: string }>(
        `SELECT toString(toDate(max(open_time))) AS last FROM market_data.bars WHERE venue = 'POLYGON'`,
      );
      expect(last).toEqual({ last: '2024-12-31' });
      const requests = venue.requests.length;
      expect(await run('polygon', context())).toBe(0);
      expect(await run('polygon', context({ from: '2024-03-01', to: '2024-06-30' }))).toBe(0);
      expect(venue.requests).toHaveLength(requests);
      expect(await verifyAll('polygon', context({}, undefined), { repair: false, days: false })).toBe(0);
    },
    LONG_MS,
  );

  it(
    'keeps bars as traded beside the adjusted ones',
    async () => {
      expect(await run('polygon', context({ symbols: ['AAPL'] }))).toBe(0);
      expect(await run('polygon', context({ symbols: ['AAPL'], adjusted: false }))).toBe(0);
      const [adjusted, traded] = [await bars(), await bars('AAPL', '')];
      expect(adjusted).toEqual(truth());
      expect(traded).toHaveLength(adjusted.length);
      expect((traded[0]?.open ?? 0) / (adjusted[0]?.open ?? 1)).toBeCloseTo(4, 1);
    },
    LONG_MS,
  );

  it(
    'of the whole market takes a request for each day that is traded, and meets the bars of tickers',
    async () => {
      const week = { symbols: undefined, grouped: true, from: '2024-03-25', to: '2024-04-01' };
      expect(await run('polygon', context(week))).toBe(0);
      expect(venue.requests.map(({ path }) => path.slice(-24, -14)).sort()).toEqual([
        '2024-03-25',
        '2024-03-26',
        '2024-03-27',
        '2024-03-28',
        '2024-04-01',
      ]);
      expect(await run('polygon', context({ symbols: ['AAPL'], from: '2024-03-25', to: '2024-04-01' }))).toBe(
        0,
      );
      // On Good Friday the simulated market, which knows no holidays, is open.
      expect(await bars()).toEqual(
        truth(
          'AAPL',
          newYorkMidnight({ year: 2024, month: 3, day: 25 }),
          newYorkMidnight({ year: 2024, month: 4, day: 2 }),
        ),
      );
      expect(await bars('MSFT')).toHaveLength(5);
    },
    LONG_MS,
  );

  it(
    'never marks today as done, and what is over as nothing else',
    async () => {
      const today = new Date().toISOString().slice(0, 10);
      expect(await run('polygon', context({ symbols: ['AAPL'], from: '2026-01-02', to: today }))).toBe(0);
      const states = await query<{ state: string; over: number }>(
        `SELECT state, to_time < now() AS over FROM market_data.backfill_task ORDER BY from_time`,
      );
      expect(states.at(-1)).toEqual({ state: 'pending', over: 0 });
      expect(states.slice(0, -1).every(({ state, over }) => state === 'done' && over === 1)).toBe(true);
    },
    LONG_MS,
  );

  it(
    'plans requests at the pace of the plan',
    async () => {
      const settings = { timespan: 'minute' as const, requestsPerMinute: undefined, symbols: ['AAPL'] };
      expect(await plan('polygon', context(settings, undefined))).toBe(0);
      expect(printed.at(-1)).toMatch(/│ AAPL +│ +12 │ +0 │ +0 │ +0 │ +0 │ +12 │ +2 min 0 s │/);
      expect(venue.requests).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'of a symbol without data is empty, which verify takes for a hole',
    async () => {
      const none = { symbols: ['ZZZZ'], from: '2024-01-02', to: '2024-01-03' };
      expect(await run('polygon', context(none))).toBe(0);
      expect(printed.at(-1)).toMatch(/│ ZZZZ +│ +0 │ +1 │ +0 │ +0 │ +0 │ +0 │/);
      expect(await verifyAll('polygon', context(none), { repair: false, days: false })).toBe(1);
      expect(printed.at(-1)).toContain('nothing, though the market was open');
    },
    LONG_MS,
  );
});

describe('when Polygon', () => {
  it.each<[PolygonFault, RegExp]>([
    ['unknown-key', /the venue refuses, so nothing more was asked: Polygon does not know the key \(HTTP 401/],
    ['not-entitled', /the venue refuses, so nothing more was asked: the plan of this key does not include/],
    ['loop', /1 time failed: the pages of Polygon for AAPL lead in a circle/],
    ['truncated', /1 time failed: Polygon cannot be reached at/],
    ['broken', /1 time failed: Polygon answered with an error \(HTTP 500: Internal error\)/],
  ])(
    'answers with %s, one line says so, and the next run mends it',
    async (fault, line) => {
      venue.faults.next(fault, 1, 'AAPL');
      expect(await run('polygon', context())).toBe(1);
      expect(printed.at(-1)).toMatch(line);
      expect(await run('polygon', context())).toBe(0);
      expect(await bars()).toEqual(truth());
    },
    LONG_MS,
  );

  it(
    'wants a key and there is none, one line says so before anything is asked',
    async () => {
      await expect(run('polygon', context({}, ''))).rejects.toThrow(
        'Polygon needs an API key: set POLYGON_API_KEY',
      );
      expect(venue.requests).toEqual([]);
    },
    LONG_MS,
  );
});
