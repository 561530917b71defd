import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DownloadCache, eventsOf, type TickBatch } from '@autotrader/connector-core';
import { OHLCV, Tick } from '@autotrader/schemas';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HAS_RECORDINGS, recorded, recordedHour } from './fixtures/recordings.js';
import { DukascopyHistory, type DukascopyHistoryOptions } from './history.js';
import { type DukascopyFault, type DukascopySimulator, startDukascopySimulator } from './testing/index.js';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
/** A Tuesday. */
const FROM = Date.UTC(2024, 9, 1) * 1_000;

let venue: DukascopySimulator;
beforeEach(async () => {
  venue = await startDukascopySimulator({ ticksPerHour: 40 });
});
afterEach(() => venue.stop());

/** In a hurry: no pauses between requests, and short ones before another try. */
function history(options: DukascopyHistoryOptions = {}): DukascopyHistory {
  const { url: bi5Url, jettaUrl } = venue;
  const hurried = { requestsPerSecond: 1_000, retryMs: 1 };
  return new DukascopyHistory({ bi5Url, jettaUrl, transport: 'bi5', ...hurried, ...options });
}

async function ticksOf(
  source: DukascopyHistory,
  from = FROM,
  to = FROM + HOUR,
  symbol = 'EURUSD',
): Promise<Tick[]> {
  const ticks: Tick[] = [];
  for await (const { content } of source.ticks({ symbol, from, to }))
    ticks.push(...(eventsOf(content) as Iterable<Tick>));
  return ticks;
}

async function barsOf(
  source: DukascopyHistory,
  interval: string,
  from: number,
  to: number,
): Promise<OHLCV[]> {
  const bars: OHLCV[] = [];
  for await (const page of source.history({
    symbol: 'EURUSD',
    interval,
    from,
    to,
    priceTypes: ['bid', 'ask'],
  }))
    bars.push(...page);
  return bars;
}

/** What the simulator sent, as events say it. */
function truth(from = FROM, to = FROM + HOUR) {
  const sent = [];
  for (let hour = from; hour < to; hour += HOUR)
    for (const [row, tick] of venue.ticks('EURUSD', hour).entries())
      sent.push({
        timestamp: tick.time,
        sequenceId: (hour / HOUR) * 1_000_000 + row + 1,
        bid: tick.bid / 100_000,
        ask: tick.ask / 100_000,
        bidSize: Number(`${tick.bidMillions}e6`),
        askSize: Number(`${tick.askMillions}e6`),
      });
  return sent;
}
const withoutReceipt = ({ receivedAt: _, ...tick }: Tick) => tick;
const { signal } = new AbortController();

describe('the ticks of Dukascopy', () => {
  it.each(['bi5', 'jetta'] as const)('are what it sent, by %s, empty hours too', async (transport) => {
    const friday = Date.UTC(2024, 9, 4, 20) * 1_000;
    const source = history({ transport });
    expect(await ticksOf(source, friday, friday + 4 * HOUR)).toMatchObject(truth(friday, friday + 4 * HOUR));
    const hours = [];
    for await (const hour of source.ticks({ symbol: 'EUR/USD', from: friday, to: friday + 4 * HOUR }))
      hours.push([hour.content.length, hour.isThere, hour.way]);
    expect(hours).toEqual([40, 40, 0, 0].map((length) => [length, true, transport]));
  });

  it('are events by the schema', async () => {
    const [tick] = await ticksOf(history());
    expect(Tick.parse(tick)).toEqual(tick);
    expect(tick).toMatchObject({
      ...{
        venue: 'DUKASCOPY',
        symbol: 'EUR/USD',
        venueSymbol: 'EURUSD',
        assetClass: 'FOREX',
        stream: 'ticks',
      },
      ...{ kind: 'quote', side: 'UNKNOWN', size: 0 },
    });
  });

  it('of a day are the same rows both ways', async () => {
    const [bi5, jetta] = await Promise.all(
      (['bi5', 'jetta'] as const).map((transport) => ticksOf(history({ transport }), FROM, FROM + DAY)),
    );
    expect(bi5).toHaveLength(24 * 40);
    expect(jetta?.map(withoutReceipt)).toEqual(bi5?.map(withoutReceipt));
  });

  it('of a time before the beginning, or of the future, are none', async () => {
    const ends = [];
    for (const time of [Date.UTC(1999, 0) * 1_000, Date.UTC(2099, 0) * 1_000])
      for await (const { content, isThere } of history().ticks({
        symbol: 'EURUSD',
        from: time,
        to: time + HOUR,
      }))
        ends.push([content.length, isThere]);
    expect(ends).toEqual([
      [0, false],
      [0, false],
    ]);
  });

  it('of an instrument it does not have are refused before it is asked', async () => {
    await expect(ticksOf(history(), FROM, FROM + HOUR, 'EURUSX')).rejects.toThrow('did you mean EURUSD?');
    expect(venue.requests).toEqual([]);
  });
});

describe('the candles of Dukascopy', () => {
  it.each(['bi5', 'jetta'] as const)('of minutes are what it sent, by %s', async (transport) => {
    const [from, to] = [FROM + HOUR, FROM + 3 * HOUR];
    const bars = await barsOf(history({ transport }), '1m', from, to);
    const sent = (['bid', 'ask'] as const).flatMap((side) =>
      venue
        .candles('EURUSD', '1m', side, FROM)
        .filter(({ openTime }) => openTime >= from && openTime < to)
        .map(({ openTime, open, high, low, close, volume }) => ({
          ...{ openTime, priceType: side, interval: '1m' },
          ...{ open: open / 100_000, high: high / 100_000, low: low / 100_000, close: close / 100_000 },
          ...{ volume: Number(`${volume}e6`), isClosed: true },
        })),
    );
    expect(sent.length).toBeGreaterThan(50);
    expect(bars).toMatchObject(sent);
    expect(OHLCV.parse(bars[0])).toEqual(bars[0]);
  });

  it.each(['1h', '1d'])(
    'of %s are the same both ways',
    async (interval) => {
      await venue.stop();
      venue = await startDukascopySimulator({ ticksPerHour: 2 });
      const [from, to] = [Date.UTC(2023, 11, 20) * 1_000, Date.UTC(2024, 0, 10) * 1_000];
      const [bi5, jetta] = await Promise.all(
        (['bi5', 'jetta'] as const).map((transport) => barsOf(history({ transport }), interval, from, to)),
      );
      const plain = (bars: OHLCV[] = []) => bars.map(({ receivedAt: _, timestamp: __, ...bar }) => bar);
      expect(bi5?.length).toBeGreaterThan(20);
      expect(plain(jetta)).toEqual(plain(bi5));
    },
    60_000,
  );

  it('of a length or a price it does not have are refused', async () => {
    await expect(barsOf(history(), '5m', FROM, FROM + HOUR)).rejects.toThrow('it has 1m, 1h, 1d');
    const mids = history().history({ symbol: 'EURUSD', interval: '1m', from: 0, to: 1, priceTypes: ['mid'] });
    await expect(mids.next()).rejects.toThrow('no candles of mid: ask for bid or ask');
  });
});

describe('when something goes wrong', () => {
  it.each<[DukascopyFault, number]>([
    ['throttled', 3],
    ['truncated', 2],
    ['halved', 2],
    ['page', 2],
    ['damaged', 2],
    ['reset', 3],
  ])('%s: it is asked again until the file is whole', async (fault, times) => {
    venue.faults.next(fault, times);
    const retries: string[] = [];
    const source = history({ onRetry: ({ message }) => retries.push(message) });
    const started = performance.now();
    expect(await ticksOf(source)).toMatchObject(truth());
    expect(retries).toHaveLength(times);
    expect(venue.requests).toHaveLength(times + 1);
    if (fault === 'throttled') expect(performance.now() - started).toBeGreaterThan(2_900);
  });

  it.each<[DukascopyFault, string]>([
    ['throttled', 'asks to wait (HTTP 503)'],
    ['too-many', 'asks to wait (HTTP 429)'],
    [
      'page',
      'Dukascopy sent a web page for /datafeed/EURUSD/2024/09/01/00h_ticks.bi5 (not LZMA): it is not stored',
    ],
    ['damaged', 'Dukascopy sent damaged for /datafeed/EURUSD/2024/09/01/00h_ticks.bi5 ('],
    ['reset', 'Dukascopy cannot be reached at http://127.0.0.1:'],
    ['truncated', 'Dukascopy cannot be reached at http://127.0.0.1:'],
    ['slow', '(no answer in 0.1 s)'],
  ])(
    '%s without an end: that is what it says, and nothing is taken for an empty hour',
    async (fault, message) => {
      venue.faults.next(fault, Infinity);
      await expect(ticksOf(history({ retries: 0, timeoutMs: 100 }))).rejects.toThrow(message);
    },
  );

  it('it can be told to stop, at once', async () => {
    venue.faults.next('throttled', Infinity);
    const stopping = new AbortController();
    const source = history({ retryMs: 3_600_000, onRetry: () => stopping.abort() });
    await expect(source.hour(source.instrument('EURUSD'), FROM, stopping.signal)).rejects.toThrow('HTTP 503');
  });

  it('requests are two a second unless it is told otherwise', async () => {
    const { url: bi5Url, jettaUrl } = venue;
    const source = new DukascopyHistory({ bi5Url, jettaUrl });
    const started = performance.now();
    await ticksOf(source, FROM, FROM + 3 * HOUR);
    expect(performance.now() - started).toBeGreaterThan(990);
  });
});

describe('the way to the files', () => {
  const changes: string[] = [];
  beforeEach(() => {
    changes.length = 0;
  });
  const auto = (more: DukascopyHistoryOptions = {}) =>
    history({
      ...{ transport: 'auto', retries: 1, onChange: (way, reason) => changes.push(`${way}: ${reason}`) },
      ...more,
    });

  it('is bi5, and jetta while that is gone, which is said', async () => {
    const source = auto({ returnMs: 0 });
    venue.faults.setGone('bi5', true);
    expect(await ticksOf(source)).toMatchObject(truth());
    expect(changes).toEqual([
      expect.stringMatching(/^jetta: Dukascopy cannot be reached at http:\S+ \(.+\)$/),
    ]);
    venue.faults.setGone('bi5', false);
    await ticksOf(source);
    expect(changes[1]).toBe('bi5: it answers again');
  });

  it('is not tried anew with every file', async () => {
    const source = auto();
    venue.faults.setGone('bi5', true);
    await ticksOf(source, FROM, FROM + 3 * HOUR);
    expect(venue.requests.filter(({ path }) => path.startsWith('/datafeed'))).toHaveLength(2);
    expect(changes).toHaveLength(1);
  });

  it('is changed when it has done nothing but throttle for too long, and not before', async () => {
    venue.faults.next('throttled', Infinity, '/datafeed');
    await expect(ticksOf(auto({ retries: 0 }))).rejects.toThrow('HTTP 503');
    expect(changes).toEqual([]);
    expect(await ticksOf(auto({ retries: 0, patienceMs: 0 }))).toMatchObject(truth());
    expect(changes).toEqual([expect.stringMatching(/^jetta: Dukascopy at \S+ asks to wait \(HTTP 503\)$/)]);
  });

  it('does not matter when both are gone: it says so', async () => {
    venue.faults.setGone('bi5', true);
    venue.faults.setGone('jetta', true);
    await expect(ticksOf(auto({ retries: 0 }))).rejects.toThrow('Dukascopy cannot be reached at');
  });

  it('goes where it is told, or not at all', () => {
    expect(() => history({ bi5Url: 'ftp://x' })).toThrow(
      'bi5Url is "ftp://x": give it as https://host or http://host',
    );
  });
});

describe('a cache', () => {
  it('keeps what is whole: nothing is asked for twice', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'dukascopy-'));
    try {
      const cache = await DownloadCache.open({ dir });
      venue.faults.next('damaged', 1);
      const first = await ticksOf(history({ cache }));
      const requests = venue.requests.length;
      const again = await ticksOf(history({ cache: await DownloadCache.open({ dir }) }));
      expect(again.map(withoutReceipt)).toEqual(first.map(withoutReceipt));
      expect(venue.requests).toHaveLength(requests);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

(HAS_RECORDINGS ? describe : describe.skip)('recorded files (need ../shared/recordings)', () => {
  it('come through as they are', async () => {
    const nine = Date.UTC(2019, 1, 4, 9) * 1_000;
    venue.serve('/datafeed/EURUSD/2019/01/04/09h_ticks.bi5', recordedHour(9));
    venue.serve('/v1/ticks/EUR-USD/2026/7/13/12', recorded('jetta/ticks-EUR-USD-2026-7-13-12.json'));
    const [tick] = await ticksOf(history(), nine, nine + HOUR);
    expect(tick).toMatchObject({ timestamp: nine + 375_000, price: 1.145105, bid: 1.14509, ask: 1.14512 });
    const source = history({ transport: 'jetta' });
    const { content }: { content: TickBatch } = await source.hour(
      source.instrument('EURUSD'),
      Date.UTC(2026, 6, 13, 12) * 1_000,
      signal,
    );
    expect(content.length).toBe(3_551);
  });
});
