import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DownloadCache, RejectedError } from '@autotrader/connector-core';
import { until } from '@autotrader/connector-core/testing';
import { OHLCV } from '@autotrader/schemas';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HAS_RECORDINGS, recorded } from './fixtures/recordings.js';
import { PolygonHistory, type PolygonHistoryOptions } from './history.js';
import { newYorkMidnight } from './new-york.js';
import { type PolygonFault, type PolygonSimulator, startPolygonSimulator } from './testing/index.js';

/** The trading dates of 2024. */
const FROM = newYorkMidnight({ year: 2024, month: 1, day: 1 });
const TO = newYorkMidnight({ year: 2025, month: 1, day: 1 });
const WEEK = newYorkMidnight({ year: 2024, month: 1, day: 8 });

let venue: PolygonSimulator;
beforeEach(async () => {
  venue = await startPolygonSimulator({ pageSize: 100 });
});
afterEach(() => venue.stop());

/** In a hurry. */
function history(options: PolygonHistoryOptions = {}): PolygonHistory {
  const { url: baseUrl, apiKey } = venue;
  return new PolygonHistory({
    baseUrl,
    apiKey,
    requestsPerMinute: 60_000,
    retryMs: 1,
    throttledMs: 1,
    ...options,
  });
}

async function barsOf(
  source = history(),
  symbol = 'AAPL',
  interval = '1d',
  from = FROM,
  to = TO,
): Promise<OHLCV[]> {
  const bars: OHLCV[] = [];
  for await (const page of source.history({ symbol, interval, from, to })) bars.push(...page);
  return bars;
}

/** What the simulator sent, as events say it. */
function truth(ticker = 'AAPL', multiplier = 1, timespan = 'day', from = FROM, to = TO) {
  return venue.aggregates(ticker, multiplier, timespan, from, to).map(({ v, vw, o, c, h, l, t, n }) => ({
    ...{ openTime: t * 1000, open: o, high: h, low: l, close: c, volume: v, vwap: vw, trades: n },
  }));
}

describe('the bars of Polygon', () => {
  it('are those of every page, in order, with the key in the header only', async () => {
    const bars = await barsOf();
    expect(truth().length).toBeGreaterThan(250);
    expect(bars).toMatchObject(truth());
    expect(venue.requests).toHaveLength(3);
    expect(venue.requests.some(({ hasKeyInAddress }) => hasKeyInAddress)).toBe(false);
    expect(OHLCV.parse(bars[0])).toEqual(bars[0]);
    expect(bars[0]).toMatchObject({
      ...{
        venue: 'POLYGON',
        symbol: 'AAPL',
        venueSymbol: 'AAPL',
        assetClass: 'EQUITY',
        stream: 'aggregates',
      },
      ...{ interval: '1d', priceType: 'trade', isClosed: true, adjustment: 'SPLITS' },
    });
  });

  it('have volumes with fractions of shares', async () => {
    expect((await barsOf()).some(({ volume }) => !Number.isInteger(volume))).toBe(true);
  });

  it.each(['1m', '5m', '1h', '1d', '1w', '1M', '3M', '12M', '30s'])('are of %s, too', async (interval) => {
    const [timespan, multiplier] = {
      ...{ '1m': ['minute', 1], '5m': ['minute', 5], '1h': ['hour', 1], '1d': ['day', 1], '1w': ['week', 1] },
      ...{ '1M': ['month', 1], '3M': ['month', 3], '12M': ['month', 12], '30s': ['second', 30] },
    }[interval] as [string, number];
    const to = interval.endsWith('M') ? TO : interval.endsWith('s') ? FROM + 3_600_000_000 : WEEK;
    const bars = await barsOf(history(), 'MSFT', interval, FROM, to);
    expect(bars.length).toBeGreaterThan(0);
    expect(bars).toMatchObject(truth('MSFT', multiplier, timespan, FROM, to));
    expect(bars.every((bar) => bar.interval === interval)).toBe(true);
  });

  it('are as traded where that is wanted, and say so by saying nothing', async () => {
    const [bar] = await barsOf(history({ adjusted: false }));
    expect(bar?.adjustment).toBeUndefined();
    expect(bar?.open).toBeGreaterThan(300);
    expect(venue.requests[0]?.path).toContain('adjusted=false');
  });

  it('of forex are of quotes and have no volume, of crypto have the names of the venue', async () => {
    const [forex] = await barsOf(history(), 'C:EURUSD', '1h', FROM, WEEK);
    expect(forex).toMatchObject({ symbol: 'EUR/USD', assetClass: 'FOREX', priceType: 'mid', volume: 0 });
    const [crypto] = await barsOf(history(), 'X:BTCUSD', '1d', FROM, WEEK);
    expect(crypto).toMatchObject({
      symbol: 'BTC/USD',
      assetClass: 'CRYPTO',
      openTime: Date.UTC(2024, 0, 2) * 1000,
    });
  });

  it('that are not over are open', async () => {
    await venue.stop();
    const now = newYorkMidnight({ year: 2024, month: 1, day: 3 }) + 15 * 3_600_000_000;
    venue = await startPolygonSimulator({ now: () => now });
    const clock = { now: () => now, stampFrame: () => now };
    const bars = await barsOf(history({ clock }), 'AAPL', '1d', FROM, WEEK);
    expect(bars.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });

  it('of a market without trades are none, and a symbol without data has none', async () => {
    const sunday = newYorkMidnight({ year: 2024, month: 1, day: 7 });
    expect(await barsOf(history(), 'AAPL', '1d', sunday, WEEK)).toEqual([]);
    expect(await barsOf(history(), 'ZZZZ')).toEqual([]);
  });

  it('of a whole market come by one request, dated by the day they were traded', async () => {
    const day = newYorkMidnight({ year: 2024, month: 1, day: 2 });
    const { bars } = await history().grouped(day + 16 * 3_600_000_000);
    const [apple] = await barsOf(history(), 'AAPL', '1d', day, day + 86_400_000_000);
    expect(bars.map(({ symbol, stream, openTime }) => [symbol, stream, openTime])).toEqual([
      ['AAPL', 'grouped', day],
      ['MSFT', 'grouped', day],
    ]);
    expect({ ...bars[0], receivedAt: 0, timestamp: 0 }).toEqual({
      ...apple,
      stream: 'grouped',
      receivedAt: 0,
      timestamp: 0,
    });
  });

  it('of what is no ticker, of a pair and a length it does not have, are refused in one line', async () => {
    await expect(barsOf(history(), 'EUR/USD')).rejects.toThrow(
      new RejectedError(
        'POLYGON',
        'Polygon has no ticker EUR/USD: it writes AAPL, C:EURUSD (forex), X:BTCUSD (crypto), I:SPX (an index)',
      ),
    );
    await expect(barsOf(history(), 'C:EURXXX')).rejects.toThrow('Polygon has no pair C:EURXXX');
    await expect(barsOf(history(), 'AAPL', '1y')).rejects.toThrow('Polygon has no bars of 1y: give a number');
  });
});

describe('when something goes wrong', () => {
  it.each<PolygonFault>(['too-many', 'broken', 'error-as-ok', 'truncated', 'reset', 'page'])(
    '%s: it is asked again, and nothing is missing',
    async (fault) => {
      venue.faults.next(fault, 2);
      expect(await barsOf()).toMatchObject(truth());
    },
  );

  it.each<[PolygonFault, string]>([
    ['unknown-key', 'Polygon does not know the key (HTTP 401: Unknown API Key): look at POLYGON_API_KEY'],
    [
      'not-entitled',
      'the plan of this key does not include what was asked of Polygon (HTTP 403: You are not entitled to this data. Please upgrade your plan): ask for less, or for another plan',
    ],
    ['too-many', 'Polygon asks to wait (HTTP 429): a free key has 5 requests a minute'],
    ['error-as-ok', 'Polygon answered with an error (HTTP 200: Something went wrong)'],
    ['page', "did not answer as Polygon's REST API does"],
    ['slow', '(no answer in 0.1 s)'],
    ['loop', 'the pages of Polygon for AAPL lead in a circle'],
  ])('%s without an end: one line says so', async (fault, message) => {
    venue.faults.next(fault, Infinity);
    await expect(barsOf(history({ retries: 1, timeoutMs: 100 }))).rejects.toThrow(message);
  });

  it('a wrong key is refused once, and a missing one before anything is asked', async () => {
    await expect(barsOf(history({ apiKey: 'wrong' }))).rejects.toThrow('Polygon does not know the key');
    expect(venue.requests).toHaveLength(1);
    expect(() => new PolygonHistory({ apiKey: '' })).toThrow(
      'Polygon needs an API key: set POLYGON_API_KEY; a free one is had at massive.com',
    );
    expect(() => new PolygonHistory({ apiKey: 'a b' })).toThrow('holds a space or a line break');
  });

  it('an empty page that names a next one is no end', async () => {
    venue.faults.next('empty-page', 1);
    expect(await barsOf()).toMatchObject(truth());
  });

  it('a delayed answer is good, and its last quarter of an hour open', async () => {
    venue.faults.next('delayed', 3);
    expect(await barsOf()).toMatchObject(truth());
  });

  it('a sixth call in a minute waits, and is not refused', async () => {
    await venue.stop();
    venue = await startPolygonSimulator({ pageSize: 50, mostPerMinute: 5 });
    const waits: string[] = [];
    const source = history({
      retries: 0,
      throttledMs: 60_000,
      onRetry: ({ message }) => waits.push(message),
    });
    await expect(barsOf(source)).rejects.toThrow('Polygon asks to wait (HTTP 429: You');
    expect(venue.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(waits).toEqual([]);
  });

  it('by default no more than five calls a minute are made', async () => {
    await venue.stop();
    venue = await startPolygonSimulator({ pageSize: 50 });
    const free = new PolygonHistory({ baseUrl: venue.url, apiKey: venue.apiKey });
    const stopping = new AbortController();
    const request = { symbol: 'MSFT', interval: '1d', from: FROM, to: TO, signal: stopping.signal };
    const reading = (async () => {
      for await (const page of free.history(request)) if (page.length === 0) break;
    })();
    await until(() => venue.requests.length === 5, 'five requests');
    stopping.abort();
    await expect(reading).rejects.toThrow('stopped before Polygon was reached');
    expect(venue.requests).toHaveLength(5);
  });

  it('what it does not document is not stored', async () => {
    venue.serve(`/v2/aggs/ticker/AAPL/range/1/day/${FROM / 1000}/${TO / 1000 - 1}`, {
      status: 'OK',
      results: [{ t: 1 }],
    });
    await expect(barsOf(history({ retries: 0 }))).rejects.toThrow(
      'Polygon sent what it does not document (results.0.v: ',
    );
  });

  it('the key is in no message, file or address', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'polygon-'));
    try {
      const cache = await DownloadCache.open({ dir });
      await barsOf(history({ cache }));
      const requests = venue.requests.length;
      await barsOf(history({ cache }));
      expect(venue.requests).toHaveLength(requests);
      const files = await readdir(dir, { recursive: true, withFileTypes: true });
      for (const file of files.filter((each) => each.isFile()))
        expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(venue.apiKey);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('the key is not sent in the clear', () => {
    expect(() => new PolygonHistory({ apiKey: 'a', baseUrl: 'http://example.com' })).toThrow(
      'the key would go there in the clear, give an address with https://',
    );
  });
});

(HAS_RECORDINGS ? describe : describe.skip)('real answers (need ../shared/recordings)', () => {
  it('have the dates that were traded at', async () => {
    const [from, to] = [
      newYorkMidnight({ year: 2005, month: 4, day: 1 }),
      newYorkMidnight({ year: 2005, month: 4, day: 5 }),
    ];
    venue.serve(
      `/v2/aggs/ticker/AAPL/range/1/day/${from / 1000}/${to / 1000 - 1}`,
      recorded('AAPL-range-1-day-2005-04-01-2005-04-04.json'),
    );
    const bars = await barsOf(history(), 'AAPL', '1d', from, to);
    expect(bars).toMatchObject([
      {
        openTime: Date.UTC(2005, 3, 1, 5) * 1000,
        open: 1.5032,
        high: 1.5064,
        low: 1.4489,
        close: 1.4604,
        volume: 642646396,
      },
      { openTime: Date.UTC(2005, 3, 4, 4) * 1000, open: 1.4639, close: 1.4675, vwap: 1.4589, trades: 65543 },
    ]);
  });

  it('of a day that is stamped with the close are of that day', async () => {
    const day = newYorkMidnight({ year: 2022, month: 4, day: 26 });
    venue.serve('/v2/aggs/grouped/locale/us/market/stocks/2022-04-26', recorded('AAPL-prev.json'));
    expect((await history().grouped(day)).bars).toMatchObject([
      { symbol: 'AAPL', openTime: day, close: 156.8 },
    ]);
  });
});
