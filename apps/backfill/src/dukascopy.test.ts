import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDukascopySimulator, type DukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import { openStorage } from '@autotrader/storage-clickhouse';
import { DukascopyHistory } from '@autotrader/connector-dukascopy';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plan, run, status, verifyAll } from './commands.js';
import type { Settings } from './options/settings.js';
import { desk } from './testing/desk.js';
import { barsOf, type IndependentBar, minuteOf } from './testing/independent-bars.js';

const RECORDED = new URL('../../../../shared/recordings/dukascopy/ticks/', import.meta.url);
const HAS_RECORDINGS = existsSync(fileURLToPath(RECORDED));
const HOUR = 3_600_000_000;
const LONG_MS = 180_000;

const at = desk();
const { context, query, printed, empty } = at;
let venue: DukascopySimulator;
beforeEach(async () => {
  venue = await startDukascopySimulator({ ticksPerHour: 50 });
  await empty();
});
afterEach(() => venue.stop());

const settings = (more: Settings = {}): Settings => ({
  ...{ symbols: ['EURUSD'], from: '2024-10-01', to: '2024-10-01', baseUrl: venue.url, retries: 0, ...more },
});
const tasks = () =>
  query<{ state: string; times: number }>(
    'SELECT state, count() AS times FROM market_data.backfill_task GROUP BY state ORDER BY state',
  );

interface StoredTick {
  readonly time: number;
  readonly id: number;
  readonly bid: number;
  readonly ask: number;
  readonly bid_size: number;
  readonly ask_size: number;
}
const ticks = (symbol = 'EUR/USD'): Promise<StoredTick[]> =>
  query(`SELECT toUnixTimestamp64Micro(timestamp) AS time, sequence_id AS id, bid, ask, bid_size, ask_size
    FROM market_data.tick WHERE venue = 'DUKASCOPY' AND symbol = '${symbol}' ORDER BY sequence_id`);
const bars = (): Promise<IndependentBar[]> =>
  query(`SELECT toUnixTimestamp64Micro(open_time) AS minute, open, high, low, close, trades AS ticks
    FROM market_data.bars WHERE venue = 'DUKASCOPY' AND interval = '1m' AND source = 'ticks' ORDER BY open_time`);

/** What the simulator sent of the hours. */
function truth(from: number, to: number, symbol = 'EURUSD'): StoredTick[] {
  const all: StoredTick[] = [];
  for (let hour = from; hour < to; hour += HOUR)
    for (const [row, tick] of venue.ticks(symbol, hour).entries())
      all.push({
        ...{ time: tick.time, id: (hour / HOUR) * 1_000_000 + row + 1 },
        ...{ bid: tick.bid / 100_000, ask: tick.ask / 100_000 },
        bid_size: Number(`${tick.bidMillions}e6`),
        ask_size: Number(`${tick.askMillions}e6`),
      });
  return all;
}
const FIRST = Date.UTC(2024, 9, 1) * 1_000;

describe('a back-fill of ticks', () => {
  it(
    'has every tick, its bars, and a ledger that says so; again it asks for nothing',
    async () => {
      expect(await run('dukascopy', context(settings({ symbols: ['EURUSD', 'GBP/USD'] })))).toBe(0);
      expect(await ticks()).toEqual(truth(FIRST, FIRST + 24 * HOUR));
      expect(await ticks('GBP/USD')).toEqual(truth(FIRST, FIRST + 24 * HOUR, 'GBPUSD'));
      expect(await tasks()).toEqual([{ state: 'done', times: 48 }]);
      expect(printed.join()).toMatch(/│ EUR\/USD │ +24 │ +0 │ +0 │ +0 │ +0 │ 1,200 │/);
      const requests = venue.requests.length;
      expect(await run('dukascopy', context(settings({ symbols: ['EURUSD', 'GBP/USD'] })))).toBe(0);
      expect(venue.requests).toHaveLength(requests);
    },
    LONG_MS,
  );

  it(
    'knows a weekend from a failure',
    async () => {
      const weekend = settings({ from: '2024-10-04', to: '2024-10-06' });
      expect(await run('dukascopy', context(weekend))).toBe(0);
      expect(await tasks()).toEqual([
        { state: 'done', times: 24 },
        { state: 'empty', times: 48 },
      ]);
      expect(await verifyAll('dukascopy', context(weekend), { repair: false, days: false })).toBe(0);
      expect(printed.at(-1)).toContain('nothing is missing');
    },
    LONG_MS,
  );

  it(
    'says what failed and why, exits 1, and the next run or a retry mends it',
    async () => {
      venue.faults.next('damaged', Infinity, '/2024/09/01/03h');
      venue.faults.next('throttled', Infinity, '/2024/09/01/07h');
      const bi5 = settings({ transport: 'bi5' });
      expect(await run('dukascopy', context(bi5))).toBe(1);
      expect(await tasks()).toEqual([
        { state: 'done', times: 22 },
        { state: 'failed', times: 2 },
      ]);
      expect(printed.join()).toMatch(/1 time failed: Dukascopy sent damaged for \S+03h_ticks.bi5/);
      expect(printed.join()).toMatch(/1 time failed: Dukascopy at \S+ asks to wait \(HTTP 503\)/);
      await status(context({}));
      expect(printed.at(-1)).toMatch(
        /│ dukascopy ticks │ EUR\/USD │ 2024-10-01 │ 2024-10-01 │ +22 │ +0 │ +0 │ +0 │ +2 │ 1,100 │/,
      );
      await venue.stop();
      venue = await startDukascopySimulator({ ticksPerHour: 50 });
      expect(await run('dukascopy', context({ ...bi5, baseUrl: venue.url }), true)).toBe(0);
      expect(venue.requests).toHaveLength(2);
      expect(await ticks()).toEqual(truth(FIRST, FIRST + 24 * HOUR));
    },
    LONG_MS,
  );

  it(
    'plans what it would do, and how long that takes',
    async () => {
      await run('dukascopy', context(settings({ to: '2024-10-01T06:00Z', from: '2024-10-01T00:00' })));
      expect(await plan('dukascopy', context({ ...settings(), requestsPerSecond: 2 }))).toBe(0);
      expect(printed.at(-1)).toMatch(/│ EUR\/USD │ +18 │ +0 │ +0 │ +6 │ +0 │ +18 │ +9 s │/);
      expect(venue.requests).toHaveLength(6);
    },
    LONG_MS,
  );

  it(
    'never marks an hour as done that is not over',
    async () => {
      const now = Date.now() * 1_000;
      const hour = now - (now % HOUR);
      const iso = (time: number) => new Date(time / 1_000).toISOString();
      expect(await run('dukascopy', context(settings({ from: iso(hour - 5 * HOUR), to: iso(hour) })))).toBe(
        0,
      );
      const states = await query<{ state: string; over: number }>(
        `SELECT state, dateDiff('hour', from_time, toDateTime64('${iso(hour).slice(0, 19).replace('T', ' ')}', 6, 'UTC')) AS over
       FROM market_data.backfill_task ORDER BY from_time`,
      );
      expect(states.map(({ state, over }) => [over, state === 'pending'])).toEqual([
        [5, false],
        [4, false],
        [3, true],
        [2, true],
        [1, true],
      ]);
    },
    LONG_MS,
  );

  it(
    'is shared by machines, each with its own part',
    async () => {
      for (const shard of ['0/3', '1/3', '2/3']) {
        const before = venue.requests.length;
        expect(await run('dukascopy', context(settings({ shard })))).toBe(0);
        expect(venue.requests.length - before).toBeGreaterThan(2);
      }
      expect(venue.requests).toHaveLength(24);
      expect(await ticks()).toEqual(truth(FIRST, FIRST + 24 * HOUR));
    },
    LONG_MS,
  );

  it(
    'stores candles of bid and ask as bars of the venue',
    async () => {
      expect(await run('dukascopy', context(settings({ timespan: 'minute' })))).toBe(0);
      const stored = await query<{ price_type: string; bars: number; closes: number }>(
        `SELECT price_type, count() AS bars, round(sum(close), 5) AS closes FROM market_data.bars
       WHERE source = 'venue' AND stream = 'candles' GROUP BY price_type ORDER BY price_type`,
      );
      expect(stored).toEqual(
        (['ask', 'bid'] as const).map((side) => {
          const sent = venue.candles('EURUSD', '1m', side, FIRST);
          const closes = sent.reduce((sum, { close }) => sum + close, 0) / 100_000;
          return { price_type: side, bars: sent.length, closes };
        }),
      );
    },
    LONG_MS,
  );
});

describe('what is stored', () => {
  it(
    'is held against the ledger: a hole is printed, is a row of gap, and is fetched again',
    async () => {
      await run('dukascopy', context(settings()));
      const [from, to] = [FIRST + 5 * HOUR, FIRST + 7 * HOUR];
      await fetch(at.url, {
        method: 'POST',
        body: `ALTER TABLE market_data.tick_raw DELETE WHERE timestamp >= fromUnixTimestamp64Micro(${from}) AND timestamp < fromUnixTimestamp64Micro(${to}) SETTINGS mutations_sync = 1`,
      });
      expect(await verifyAll('dukascopy', context(settings()), { repair: false, days: true })).toBe(1);
      expect(printed.at(-1)).toMatch(
        /│ EUR\/USD │ 2024-10-01T05:00Z │ 2024-10-01T07:00Z │ fewer rows are stored than were fetched │/,
      );
      expect(printed.at(-1)).toMatch(/│ EUR\/USD │ 2024-10-01 │ +1,200 │ +1,100 │ +NOT COMPLETE │/);
      const gaps = () =>
        query(`SELECT toUnixTimestamp64Micro(from_time) AS from, toUnixTimestamp64Micro(to_time) AS to, stream, cause,
        healed_at IS NOT NULL AS healed FROM market_data.gap`);
      const gap = { from, to, stream: 'ticks', cause: 'BACKFILL' };
      expect(await gaps()).toEqual([{ ...gap, healed: 0 }]);
      expect(await verifyAll('dukascopy', context(settings()), { repair: true, days: false })).toBe(0);
      expect(await gaps()).toEqual([{ ...gap, healed: 1 }]);
      expect(await ticks()).toEqual(truth(FIRST, FIRST + 24 * HOUR));
    },
    LONG_MS,
  );

  it(
    'is held against the week of the market: an hour without a tick is a hole',
    async () => {
      venue.serve('/datafeed/EURUSD/2024/09/01/10h_ticks.bi5', Buffer.alloc(0));
      await run('dukascopy', context(settings()));
      expect(await verifyAll('dukascopy', context(settings()), { repair: false, days: false })).toBe(1);
      expect(printed.at(-1)).toContain(
        '2024-10-01T10:00Z │ 2024-10-01T11:00Z │ nothing, though the market was open',
      );
    },
    LONG_MS,
  );
});

(HAS_RECORDINGS ? describe : describe.skip)('the recorded day (needs ../shared/recordings)', () => {
  beforeEach(() => {
    for (let hour = 0; hour < 24; hour++) {
      const name = `${String(hour).padStart(2, '0')}h_ticks.bi5`;
      venue.serve(`/datafeed/EURUSD/2019/01/04/${name}`, readFileSync(new URL(name, RECORDED)));
    }
  });

  it(
    'three times, and once more live, is one copy of 136,741 ticks, and the bars of them',
    async () => {
      const day = settings({ from: '2019-02-04', to: '2019-02-04' });
      for (let times = 0; times < 3; times++) {
        expect(await run('dukascopy', context(day))).toBe(0);
        await fetch(at.url, { method: 'POST', body: 'TRUNCATE TABLE market_data.backfill_task_raw' });
      }
      const live = await openStorage({ url: at.url, origin: 'live' });
      const history = new DukascopyHistory({ bi5Url: venue.url, transport: 'bi5', requestsPerSecond: 1_000 });
      const from = Date.UTC(2019, 1, 4) * 1_000;
      for await (const { content } of history.ticks({ symbol: 'EURUSD', from, to: from + 24 * HOUR }))
        await live.write(content);
      await live.drained();
      await live.close();
      const stored = await ticks();
      expect(stored).toHaveLength(136_741);
      expect(new Set(stored.map(({ id }) => id)).size).toBe(136_741);
      expect(await bars()).toEqual(
        barsOf(stored.map(({ time, bid, ask }) => ({ minute: minuteOf(time), price: (bid + ask) / 2 }))),
      );
    },
    LONG_MS,
  );
});
