import { startClickHouse } from '@autotrader/embedded-clickhouse';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Depth, Tick } from '@autotrader/schemas';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StorageError } from '../errors.js';
import { connect } from '../server/connection.js';
import { depthBatch, MIDNIGHT, tickBatch, trade, trades } from '../testing/batches.js';
import { scratchServer } from '../testing/scratch-server.js';
import { openTickWriter, type TickWriter } from '../testing/tick-writer.js';
import { BarKeeper, type BarKeeperOptions } from './bar-keeper.js';
import { touchedIntervals } from './touched.js';

const server = scratchServer(startClickHouse);
const writers: TickWriter[] = [];
let database = '';
let databases = 0;
let writer: TickWriter;
beforeEach(async () => {
  database = `test_${++databases}`;
  writer = await open();
});
afterEach(async () => {
  for (const each of writers.splice(0)) await each.close();
});

async function open(options?: BarKeeperOptions): Promise<TickWriter> {
  const opened = await openTickWriter(server.url, database, options);
  writers.push(opened);
  return opened;
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const DAY = 1440 * MINUTE;

/** A quote received at this many microseconds after midnight; the venue sends no time with it. */
function quote(n: number, id: number, price: number, more: Partial<Tick> = {}): Tick {
  const time = { timestamp: MIDNIGHT + n, receivedAt: MIDNIGHT + n };
  const values = { kind: 'quote', price, size: 0, side: 'UNKNOWN' } as const;
  return trade(0, { stream: 'bookTicker', sequenceId: id, ...time, ...values, ...more });
}

/** Open, high, low, close, volume and trades of each bar, by price type and time. */
async function bars(interval?: string, symbol = 'BTC/USDT'): Promise<string[]> {
  const rows = await writer.bars(symbol, interval);
  return rows.map(
    ({ price_type, open_time, open: first, high, low, close, volume, trades: count }) =>
      `${price_type} ${open_time.slice(8, 16)} ${[first, high, low, close, volume, count].join(' ')}`,
  );
}

describe('the bars of ticks', () => {
  it('open and close by time, and at the same time by the id of the venue', async () => {
    const at = (time: number, sequenceId: number, price: number): Tick =>
      trade(time, { sequenceId, price, size: 1 });
    await writer.write(tickBatch([at(5, 12, 3), at(5, 11, 2), at(9, 8, 5), at(9, 9, 4), at(7, 20, 1)]));
    expect(await bars()).toEqual(['trade 09T00:00 2 5 1 4 5 5']);
  });

  it('of a venue without ids open and close by the time we received them, where its times are the same', async () => {
    const at = (later: number, contentId: number, price: number): Tick => {
      const { sequenceId: _, ...tick } = trade(0, { price, size: 1, contentId });
      return { ...tick, receivedAt: MIDNIGHT + later };
    };
    await writer.write(tickBatch([at(30, 1, 3), at(10, 9, 1), at(20, 5, 2)]));
    expect(await bars()).toEqual(['trade 09T00:00 1 3 1 3 3 3']);
    await writer.write(tickBatch([at(31, 1, 3), at(25, 7, 4)]));
    expect(await bars()).toEqual(['trade 09T00:00 1 4 1 3 4 4']);
  });

  it('are not made of quotes that nobody trades at', async () => {
    const closed = quote(5, 2, 50, { condition: 'INDICATIVE' });
    await writer.write(tickBatch([quote(1, 1, 10), closed, quote(9, 3, 12, { condition: 'DELAYED' })]));
    expect(await bars()).toEqual(['mid 09T00:00 10 12 10 12 0 2']);
  });

  it('have the same vwap in whatever order their ticks are read', async () => {
    const ticks = trades(0, 3_000, { timestamp: MIDNIGHT });
    const seen = new Set<unknown>();
    for (let from = 0; from < 6; from++) {
      await writer.client.command({ query: `TRUNCATE TABLE ${database}.tick_raw` });
      const turned = [...ticks.slice(from * 500), ...ticks.slice(0, from * 500)];
      for (let at = 0; at < turned.length; at += 700)
        await writer.write(tickBatch(turned.slice(at, at + 700)));
      for (const row of await writer.query('SELECT interval, toString(vwap) AS vwap FROM bars ORDER BY 1'))
        seen.add(JSON.stringify(row));
    }
    expect(seen.size).toBe(5);
  }, 60_000);

  it('are corrected by ticks that come late, in every interval', async () => {
    await writer.write(tickBatch([trade(2 * MINUTE, { price: 100, size: 0.1 })]));
    await writer.write(
      tickBatch([trade(MINUTE, { price: 50, size: 0.2 }), trade(3, { price: 70, size: 1 })]),
    );
    expect(await bars()).toEqual([
      'trade 09T00:00 70 70 70 70 1 1',
      'trade 09T00:01 50 50 50 50 0.2 1',
      'trade 09T00:02 100 100 100 100 0.1 1',
    ]);
    for (const interval of ['5m', '15m', '1h', '1d'])
      expect(await bars(interval)).toEqual(['trade 09T00:00 70 100 50 100 1.3 3']);
  });

  it('of trades and of mids are apart', async () => {
    await writer.write(tickBatch([trade(1, { price: 7, size: 2 }), quote(1, 5, 6.5), quote(2, 6, 7.5)]));
    expect(await bars()).toEqual(['mid 09T00:00 6.5 7.5 6.5 7.5 0 2', 'trade 09T00:00 7 7 7 7 2 1']);
  });

  it('do not count a trade again that comes by another stream, too: the stream of the most volume is taken', async () => {
    const whole = { stream: 'aggTrade', sequenceId: 7, size: 1.5, price: 9 };
    await writer.write(tickBatch([trade(1, { size: 1, price: 9 }), trade(2, { size: 0.5, price: 9 })]));
    await writer.write(tickBatch([trade(2, whole)]));
    await writer.write(tickBatch([trade(MINUTE, { size: 1, price: 9 }), trade(MINUTE + 1, whole)]));
    const rows = await writer.query(
      `SELECT stream, volume, trades FROM bars WHERE interval = '1m' ORDER BY open_time`,
    );
    expect(rows).toEqual([
      { stream: 'trade', volume: 1.5, trades: 2 },
      { stream: 'aggTrade', volume: 1.5, trades: 1 },
    ]);
  });

  it('are those of the minutes that were touched; others are left alone', async () => {
    await writer.write(tickBatch([trade(0), trade(MINUTE), trade(2 * MINUTE)]));
    await writer.query('SELECT 1');
    const before = await versions();
    await writer.write(tickBatch([trade(MINUTE + 1)]));
    const after = await versions();
    expect(after.map((version, minute) => version > (before[minute] ?? 0))).toEqual([false, true, false]);
  });

  it('outlive their ticks, also when a late one arrives', async () => {
    await writer.write(tickBatch(trades(0, 10, { price: 5, size: 1 })));
    await writer.client.command({ query: `TRUNCATE TABLE ${database}.tick_raw` });
    await writer.write(tickBatch([trade(20, { price: 5, size: 1 })]));
    expect(await bars()).toEqual(['trade 09T00:00 5 5 5 5 10 10']);
    expect(await bars('1d')).toEqual(['trade 09T00:00 5 5 5 5 10 10']);
  });

  it('of a history of many days and several symbols are all there', async () => {
    const symbols = ['A/B', `O'Neil\\`, 'ÄÖ/€', 'BTC/USDT'];
    const names = Array.from({ length: 300 }, (_, n) => `SYMBOL-${n}/USDT`);
    await writer.write(tickBatch(names.map((symbol, n) => trade((n % 150) * DAY, { symbol, venue: 'OKX' }))));
    expect(await writer.query(`SELECT count() AS bars FROM bars WHERE venue = 'OKX'`)).toEqual([
      { bars: 1500 },
    ]);
    const ticks = Array.from({ length: 60 }, (_, day) =>
      symbols.map((symbol) => trade(day * DAY, { symbol, price: day + 1, size: 1 })),
    ).flat();
    await writer.write(tickBatch(ticks));
    const rows = await writer.query(
      `SELECT symbol, interval, count() AS bars, sum(close) AS closes FROM bars WHERE venue = 'BINANCE' GROUP BY symbol, interval ORDER BY symbol, interval`,
    );
    expect(rows).toEqual(
      symbols
        .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
        .flatMap((symbol) =>
          ['15m', '1d', '1h', '1m', '5m'].map((interval) => ({ symbol, interval, bars: 60, closes: 1830 })),
        ),
    );
  }, 180_000);
});

async function versions(): Promise<number[]> {
  const query = `SELECT version FROM bars_raw FINAL WHERE interval = '1m' ORDER BY open_time`;
  const rows = await writer.query<{ version: number }>(query);
  return rows.map(({ version }) => version);
}

describe('a quote that two have received, each at its own time', () => {
  it('belongs to the minute of the one that received it first, whichever is stored first', async () => {
    const [early, late] = [quote(-10_000, 7, 5), quote(10_000, 7, 5)];
    await writer.write(tickBatch([late]));
    expect(await bars()).toEqual(['mid 09T00:00 5 5 5 5 0 1']);
    await writer.write(tickBatch([early]));
    expect(await bars()).toEqual(['mid 08T23:59 5 5 5 5 0 1']);
    expect(await bars('1d')).toEqual(['mid 08T00:00 5 5 5 5 0 1']);
    await writer.write(tickBatch([late, quote(20_000, 8, 6)]));
    expect(await bars()).toEqual(['mid 08T23:59 5 5 5 5 0 1', 'mid 09T00:00 6 6 6 6 0 1']);
    expect(
      await writer.query('SELECT sequence_id, timestamp = received_at AS same FROM tick ORDER BY 1'),
    ).toEqual([
      { sequence_id: 7, same: 1 },
      { sequence_id: 8, same: 1 },
    ]);
  });

  it('is one row in every query, of whatever time, across midnight, among three', async () => {
    for (const late of [40_000, -30_000, 5]) await writer.write(tickBatch([quote(late, 7, 5)]));
    const of = (condition: string) => writer.query(`SELECT sequence_id FROM tick WHERE ${condition}`);
    expect(await of(`timestamp < '2024-08-09'`)).toHaveLength(1);
    expect(await of(`timestamp >= '2024-08-09'`)).toHaveLength(0);
    await writer.client.command({ query: `OPTIMIZE TABLE ${database}.tick_raw FINAL` });
    expect(await of('true')).toHaveLength(1);
  });

  it('is marked for who comes after a keeper that was killed between marking and computing', async () => {
    await writer.write(tickBatch([quote(10_000, 7, 5), quote(20_000, 8, 5)]));
    await writer.insert(tickBatch([quote(-10_000, 7, 5)]));
    const killed = new BarKeeper({ client: marksOnly(), database }, { throttleMs: 0 });
    await expect(killed.touched(touchedBy([quote(-10_000, 7, 5)]))).rejects.toMatchObject({
      code: 'REJECTED',
    });
    await writer.keeper.touched(touchedBy([quote(-10_000, 7, 5)]));
    expect(await bars()).toEqual(['mid 08T23:59 5 5 5 5 0 1', 'mid 09T00:00 5 5 5 5 0 1']);
  });

  it('that is an order book is one row, too', async () => {
    const book = (n: number): Depth => {
      const { venue, symbol, venueSymbol, assetClass, timestamp, receivedAt } = quote(n, 7, 5);
      const source = { venue, symbol, venueSymbol, assetClass, stream: 'depth20' };
      const levels = { isSnapshot: true, bids: [{ price: 1, size: 2 }], asks: [] };
      return { type: 'depth', ...source, timestamp, receivedAt, sequenceId: 7, ...levels };
    };
    for (const n of [10_000, -10_000]) await writer.write(depthBatch([book(n)]));
    expect(await writer.query('SELECT timestamp, bids FROM depth')).toEqual([
      { timestamp: '2024-08-08T23:59:59.990000Z', bids: [{ price: 1, size: 2 }] },
    ]);
  });

  it('leaves trades alone that have one id at two times of the venue', async () => {
    const reset = { sequenceId: 1 };
    await writer.write(tickBatch([trade(0, reset), trade(2 * MINUTE, reset)]));
    expect(await bars()).toHaveLength(2);
    expect(await writer.query('SELECT count() AS rows FROM tick')).toEqual([{ rows: 2 }]);
  });
});

const touchedBy = (ticks: Tick[]) => touchedIntervals(tickBatch(ticks));

/** A client that can mark rows, and then is killed. */
function marksOnly(): ClickHouseClient {
  const command: ClickHouseClient['command'] = (parameters) => {
    if (parameters.query.includes('INSERT INTO') && parameters.query.includes('bars_raw'))
      throw new StorageError('REJECTED', 'killed');
    return writer.client.command(parameters);
  };
  return new Proxy(writer.client, {
    get: (client, name) => {
      if (name === 'command') return command;
      const value: unknown = Reflect.get(client, name);
      return typeof value === 'function' ? (value.bind(client) as unknown) : value;
    },
  });
}

describe('keepers at work at the same time', () => {
  it('come to the same bars, whatever each of them has seen when it began', async () => {
    const others = [await open(), await open({ throttleMs: 20 })];
    const all = trades(0, 3_000, { price: 5, size: 0.001 });
    const batches = Array.from({ length: 60 }, (_, batch) => all.filter((_tick, n) => n % 60 === batch));
    const keepers = [writer, ...others];
    await Promise.all(batches.map((ticks, batch) => (keepers[batch % 3] ?? writer).write(tickBatch(ticks))));
    expect(await bars()).toEqual(['trade 09T00:00 5 5 5 5 3 3000']);
    expect(await bars('1d')).toEqual(['trade 09T00:00 5 5 5 5 3 3000']);
  }, 60_000);

  it('never show a bar that is half written: while ticks are stored again and again, a reader sees what is true', async () => {
    const ticks = Array.from({ length: 10 }, (_, minute) =>
      trades(0, 200).map((tick, n) => ({
        ...tick,
        timestamp: MIDNIGHT + minute * MINUTE + n,
        sequenceId: minute * 1_000 + n + 1,
      })),
    ).flat();
    await writer.write(tickBatch(ticks));
    const truth = [await bars(), await bars('5m'), await bars('1d')];
    const replays = Array.from({ length: 15 }, async (_, turn) => {
      const { write } = turn % 2 === 0 ? writer : await open();
      await write(tickBatch(ticks.filter((_tick, n) => n % 15 !== turn)));
    });
    let isOver = false;
    const replaying = Promise.all(replays).then(() => (isOver = true));
    let reads = 0;
    for (; !isOver; reads++) expect([await bars(), await bars('5m'), await bars('1d')]).toEqual(truth);
    await replaying;
    expect(reads).toBeGreaterThan(2);
  }, 60_000);
});

describe('a keeper', () => {
  it('makes one round of what is touched while another round is under way', async () => {
    const rounds: number[] = [];
    const patient = await open({ onRound: (seconds) => rounds.push(seconds), throttleMs: 50 });
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => patient.keeper.touched(touchedBy([trade(n * MINUTE)]))),
    );
    expect(rounds.length).toBeLessThanOrEqual(2);
  });

  it('has nothing to do for nothing', async () => {
    await writer.keeper.touched([]);
    await writer.keeper.touched(touchedBy([trade(0)])); // rows that are not there
    expect(await writer.query('SELECT count() AS rows FROM bars_raw')).toEqual([{ rows: 0 }]);
  });

  it('waits for a server that is away, for as long as it takes', async () => {
    await writer.insert(tickBatch([trade(0, { price: 5, size: 1 })]));
    await server.kill();
    const retries: string[] = [];
    const { client } = connect({ url: server.url, database });
    const keeper = new BarKeeper({ client, database }, { onRetry: ({ reason }) => retries.push(reason) });
    const touched = keeper.touched(touchedBy([trade(0)]));
    await server.restart();
    await touched;
    expect(await bars()).toEqual(['trade 09T00:00 5 5 5 5 1 1']);
    expect(retries.length).toBeGreaterThan(0);
    await keeper.close();
    await client.close();
  }, 60_000);

  it('rejects what the server refuses for good, and goes on with what comes after', async () => {
    await writer.insert(tickBatch([trade(0, { price: 5, size: 1 })]));
    await writer.client.command({ query: `RENAME TABLE ${database}.bars_raw TO ${database}.hidden` });
    await expect(writer.keeper.touched(touchedBy([trade(0)]))).rejects.toMatchObject({
      name: 'StorageError',
      code: 'REJECTED',
      message: expect.stringMatching(/^ClickHouse refuses to compute bars: .*bars_raw.*$/),
    });
    await writer.client.command({ query: `RENAME TABLE ${database}.hidden TO ${database}.bars_raw` });
    await writer.keeper.touched(touchedBy([trade(0)]));
    expect(await bars()).toHaveLength(1);
  });

  it('that is closed gives what is waiting one more attempt, and takes nothing any more', async () => {
    await writer.insert(tickBatch([trade(0)]));
    const { client } = connect({ url: server.url, database });
    const slow = new BarKeeper({ client, database }, { throttleMs: 3_600_000 });
    await slow.touched(touchedBy([trade(MINUTE)]));
    const waiting = slow.touched(touchedBy([trade(0)]));
    await slow.close();
    await waiting;
    expect(await bars()).toHaveLength(1);
    await expect(slow.touched(touchedBy([trade(0)]))).rejects.toMatchObject({ code: 'CLOSED' });
    await client.close();
  });

  it('that is closed while the server is away says so to who waits', async () => {
    const { client } = connect({ url: 'http://127.0.0.1:1', database });
    const retried: (() => void)[] = [];
    const hasRetried = new Promise<void>((resolve) => retried.push(resolve));
    const keeper = new BarKeeper({ client, database }, { onRetry: () => retried[0]?.() });
    const waiting = keeper.touched(touchedBy([trade(0)]));
    const outcome = expect(waiting).rejects.toMatchObject({
      code: 'CLOSED',
      message: expect.stringContaining('closed before the bars were right (connect ECONNREFUSED'),
    });
    await hasRetried;
    await keeper.close();
    await outcome;
    await client.close();
  });
});
