import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { BinanceSimulatorOptions } from '../options.js';
import type { BinanceSimulator } from '../simulator.js';
import { startBinanceSimulator } from '../start-simulator.js';

/** A busy machine is no failure. */
jest.setTimeout(30_000);

const START = 1_795_361_400_000_000;
const MINUTE = 60_000_000;

let now = START;
let simulator: BinanceSimulator;

async function start(options: BinanceSimulatorOptions = {}): Promise<void> {
  now = START;
  const clock = { now: () => now };
  simulator = await startBinanceSimulator({ market: { paused: true }, clock, ...options });
}

interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

async function get<T = unknown>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
  const response = await fetch(`${simulator.restUrl}/api/v3/${path}`, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

afterEach(() => simulator.stop());

interface Row {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  readonly quoteQty: string;
  readonly time: number;
  readonly isBuyerMaker: boolean;
}
interface AggregateRow {
  readonly a: number;
  readonly f: number;
  readonly l: number;
  readonly T: number;
}

describe('plain answers', () => {
  it('answers ping and time, in the unit that the header asks for', async () => {
    await start();
    now += 456;
    expect((await get('ping')).body).toEqual({});
    expect((await get('time')).body).toEqual({ serverTime: START / 1000 });
    const micros = await get('time', { 'X-MBX-TIME-UNIT': 'MICROSECOND' });
    expect(micros.body).toEqual({ serverTime: now });
  });

  it('tells its symbols: all, one, or some', async () => {
    await start({ symbols: ['BTCUSDT', 'ETHBTC', 'SOLUSDT'] });
    const symbolsOf = async (query: string) =>
      (await get<{ symbols: { symbol: string }[] }>(`exchangeInfo${query}`)).body.symbols;
    expect((await symbolsOf('')).map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHBTC', 'SOLUSDT']);
    expect(await symbolsOf('?symbol=ETHBTC')).toMatchObject([
      {
        symbol: 'ETHBTC',
        status: 'TRADING',
        baseAsset: 'ETH',
        quoteAsset: 'BTC',
        isSpotTradingAllowed: true,
        filters: [
          { filterType: 'PRICE_FILTER', tickSize: '0.00000001' },
          { filterType: 'LOT_SIZE', stepSize: '1.00000000' },
        ],
      },
    ]);
    const some = await symbolsOf(`?symbols=${encodeURIComponent('["SOLUSDT","BTCUSDT"]')}`);
    expect(some.map(({ symbol }) => symbol)).toEqual(['SOLUSDT', 'BTCUSDT']);
  });

  it.each([
    ['exchangeInfo?symbol=NOSUCH', -1121, 'Invalid symbol.'],
    ['exchangeInfo?symbols=["BTCUSDT","NOSUCH"]', -1121, 'Invalid symbol.'],
    [
      'exchangeInfo?symbols=BTCUSDT',
      -1100,
      "Illegal characters found in parameter 'symbols'; legal range is",
    ],
    ['exchangeInfo?symbol=BTCUSDT&symbols=["BTCUSDT"]', -1128, 'Combination of optional parameters invalid.'],
    ['depth?symbol=NOSUCH', -1121, 'Invalid symbol.'],
    ['depth', -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['depth?symbol=btcusdt', -1100, "Illegal characters found in parameter 'symbol'; legal range is"],
    ['trades?symbol=BTCUSDT&limit=x', -1100, "Illegal characters found in parameter 'limit'; legal range is"],
    [
      'klines?symbol=BTCUSDT',
      -1102,
      "Mandatory parameter 'interval' was not sent, was empty/null, or malformed.",
    ],
    ['klines?symbol=BTCUSDT&interval=7m', -1120, 'Invalid interval.'],
    ['aggTrades?symbol=BTCUSDT&fromId=1&startTime=1', -1128, 'Combination of optional parameters invalid.'],
  ])('refuses %s as the venue does', async (path, code, msg) => {
    await start();
    const { status, body } = await get<{ code: number; msg: string }>(path);
    expect(status).toBe(400);
    expect(body.code).toBe(code);
    expect(body.msg.startsWith(msg)).toBe(true);
  });

  it('knows no other endpoint', async () => {
    await start();
    expect((await get('nosuch')).status).toBe(404);
    expect((await get('toString')).status).toBe(404);
  });
});

describe('market data', () => {
  it('tells the book as deep as asked, of the moment', async () => {
    await start();
    const [shallow, deep] = [
      await get<{ bids: unknown[] }>('depth?symbol=BTCUSDT&limit=5'),
      await get<{ bids: unknown[] }>('depth?symbol=BTCUSDT'),
    ];
    expect(shallow.body.bids).toHaveLength(5);
    expect(deep.body.bids).toHaveLength(100);
    simulator.market.step(10);
    const later = (await get<{ lastUpdateId: number }>('depth?symbol=BTCUSDT')).body;
    expect(later.lastUpdateId).toBeGreaterThan((deep.body as unknown as typeof later).lastUpdateId);
  });

  it('serves a scripted book, a stale one on demand, and a listing without a book', async () => {
    await start({ market: false });
    const book = { lastUpdateId: 5_000_000_000, bids: [['2.0', '1.0']], asks: [] } as const;
    expect((await get('depth?symbol=BTCUSDT')).body).toEqual({ lastUpdateId: -1, bids: [], asks: [] });
    simulator.setDepth('BTCUSDT', book);
    simulator.faults.snapshotOlderThanBuffer();
    expect((await get('depth?symbol=BTCUSDT')).body).toEqual({ ...book, lastUpdateId: 4_000_000_000 });
    expect((await get('depth?symbol=BTCUSDT')).body).toEqual(book);
  });

  it('keeps trades by id, and gives the latest otherwise', async () => {
    await start();
    simulator.market.advance(120_000);
    const latest = (await get<Row[]>('trades?symbol=BTCUSDT')).body;
    expect(latest).toHaveLength(500);
    const [first, second] = latest;
    const from = (await get<Row[]>(`historicalTrades?symbol=BTCUSDT&fromId=${second?.id ?? ''}&limit=2`))
      .body;
    expect(from).toEqual(latest.slice(1, 3));
    expect(first).toMatchObject({ isBestMatch: true, isBuyerMaker: expect.any(Boolean) });
    expect(Number(first?.quoteQty)).toBeCloseTo(Number(first?.price) * Number(first?.qty), 6);
    expect(latest.every(({ time }) => time > START / 1000 && time <= START / 1000 + 120_000)).toBe(true);
    const past = await get(`historicalTrades?symbol=BTCUSDT&fromId=${(latest.at(-1)?.id ?? NaN) + 1}`);
    expect(past.body).toEqual([]);
  });

  it('chooses aggregates by id and by time, both ends included, in either unit', async () => {
    await start();
    simulator.market.advance(30_000);
    const micros = { 'X-MBX-TIME-UNIT': 'MICROSECOND' };
    const aggregates = async (query: string) =>
      (await get<AggregateRow[]>(`aggTrades?symbol=BTCUSDT&limit=1000&${query}`, micros)).body;
    const all = await aggregates('');
    const ids = (rows: readonly AggregateRow[]) => rows.map(({ a }) => a);
    const [a, b] = [all[10], all[20]];
    expect(all.length).toBeLessThan(1000);
    expect(
      all.every(({ f, l }, index) => l >= f && (index === 0 || f === (all[index - 1]?.l ?? NaN) + 1)),
    ).toBe(true);
    expect(ids(await aggregates(`fromId=${a?.a ?? ''}`))).toEqual(ids(all.slice(10)));
    const between = all.filter(({ T }) => T >= (a?.T ?? NaN) && T <= (b?.T ?? NaN));
    expect(await aggregates(`startTime=${a?.T ?? ''}&endTime=${b?.T ?? ''}`)).toEqual(between);
    expect(ids(await aggregates(`endTime=${b?.T ?? ''}`)).at(-1)).toBe(between.at(-1)?.a);
    const startMs = Math.ceil((a?.T ?? NaN) / 1000);
    expect(await aggregates(`startTime=${startMs}`)).toEqual(all.filter(({ T }) => T >= startMs * 1000));
    expect(await aggregates('startTime=1')).toEqual(all);
  });

  it('gives klines, the running one last', async () => {
    await start();
    simulator.market.advance(150_000);
    const rows = (await get<unknown[][]>('klines?symbol=BTCUSDT&interval=1m')).body;
    expect(rows.map(([openTime]) => openTime)).toEqual(
      [0, 1, 2].map((index) => START / 1000 + index * 60_000),
    );
    expect(rows[0]).toHaveLength(12);
    expect(rows[0]?.[6]).toBe(START / 1000 + 59_999);
    const decimals = [1, 2, 3, 4, 5, 7, 9, 10].map((column) => String(rows[0]?.[column]));
    expect(decimals.every((text) => /^\d+\.\d{8}$/.test(text))).toBe(true);
    const one = await get<unknown[][]>(
      `klines?symbol=BTCUSDT&interval=1m&startTime=${START / 1000 + 60_000}&limit=1`,
    );
    expect(one.body).toEqual([rows[1]]);
    const last = await get<unknown[][]>('klines?symbol=BTCUSDT&interval=1m&limit=2');
    expect(last.body).toEqual(rows.slice(1));
  });

  it('has what was scripted as its history when there is no market', async () => {
    await start({ market: false });
    const trade = (t: number) => ({
      e: 'trade',
      E: 2,
      s: 'BTCUSDT',
      t,
      p: '10.50',
      q: '2.0',
      T: START / 1000 + t,
      m: true,
    });
    simulator.faults.skipIds('btcusdt@trade', 1);
    for (const t of [11, 12, 13]) simulator.send('btcusdt@trade', trade(t));
    const { body } = await get<Row[]>('historicalTrades?symbol=BTCUSDT&fromId=11&limit=1');
    expect(body).toEqual([
      {
        id: 11,
        price: '10.50',
        qty: '2.0',
        quoteQty: '21.00000000',
        time: START / 1000 + 11,
        isBuyerMaker: true,
        isBestMatch: true,
      },
    ]);
    expect((await get<Row[]>('trades?symbol=BTCUSDT')).body.map(({ id }) => id)).toEqual([11, 12, 13]);
  });
});

describe('limits', () => {
  it('counts weight by the minute of its clock', async () => {
    await start();
    const used = async (path: string) => (await get(path)).headers.get('x-mbx-used-weight-1m');
    expect(await used('ping')).toBe('1');
    expect(await used('exchangeInfo')).toBe('21');
    expect(await used('depth?symbol=BTCUSDT&limit=100')).toBe('26');
    expect(await used('depth?symbol=BTCUSDT&limit=5000')).toBe('276');
    expect(await used('historicalTrades?symbol=BTCUSDT')).toBe('301');
    now += MINUTE;
    expect(await used('klines?symbol=BTCUSDT&interval=1m')).toBe('2');
  });

  it('answers 429 over the limit, with the seconds to wait, and bans who does not stop', async () => {
    await start({ maxWeightPerMinute: 2 });
    now += 15_000_000;
    await get('ping');
    await get('ping');
    const refused = await get<{ code: number }>('ping');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      -1003,
      '45',
    ]);
    for (let request = 0; request < 10; request += 1) await get('ping');
    const banned = await get('ping');
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120']);
    now += MINUTE;
    expect((await get('ping')).status).toBe(418);
    now += MINUTE;
    expect((await get('ping')).status).toBe(200);
  });

  it('refuses on demand, and records what was asked', async () => {
    await start();
    simulator.faults.rest429(1, 7);
    simulator.faults.rest418(1, 130);
    simulator.faults.restFailure(503);
    const statuses: unknown[] = [];
    for (let request = 0; request < 4; request += 1) {
      const { status, headers } = await get('ping?x=1');
      statuses.push([status, headers.get('retry-after')]);
    }
    expect(statuses).toEqual([
      [429, '7'],
      [418, '130'],
      [503, null],
      [200, null],
    ]);
    expect(simulator.requests[0]).toEqual({ path: '/api/v3/ping', query: 'x=1', status: 429, at: START });
    expect(simulator.requests).toHaveLength(4);
  });
});
