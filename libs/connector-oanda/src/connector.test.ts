import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectorStatus } from '@autotrader/connector-core';
import type { Gap, OHLCV, Tick } from '@autotrader/schemas';
import { OandaConnector, type OandaConnectorOptions } from './connector.js';
import { openResources, until } from '@autotrader/connector-core/testing';
import { type OandaSimulator, type SimulatedPrice, startOandaSimulator } from './testing/index.js';

const START = 1_795_361_400_000_000;
const SECOND = 1_000_000;
/** One every two seconds of half an hour. */
const LOSSES = 900;

let venue: OandaSimulator;
let now = START;
const connectors: OandaConnector[] = [];

beforeEach(async () => {
  now = START;
  venue = await startOandaSimulator({ market: false, heartbeatMs: 20, now: () => now });
});
afterEach(async () => {
  await Promise.all(connectors.splice(0).map((connector) => connector.stop()));
  await venue.stop();
});

interface Heard {
  readonly connector: OandaConnector;
  readonly ticks: Tick[];
  readonly gaps: Gap[];
  readonly bars: OHLCV[];
  readonly errors: string[];
  readonly statuses: ConnectorStatus[];
}

function connect(options: Partial<OandaConnectorOptions> = {}): Heard {
  const { url, apiKey, accountId } = venue;
  const connector = new OandaConnector({
    ...{ symbols: ['EUR_USD'], streamUrl: url, restUrl: url, apiKey, accountId, reconnectMinMs: 5 },
    ...options,
  });
  connectors.push(connector);
  const heard: Heard = { connector, ticks: [], gaps: [], bars: [], errors: [], statuses: [] };
  connector.on('tick', (tick) => heard.ticks.push(tick));
  connector.on('gap', (gap) => heard.gaps.push(gap));
  connector.on('bar', (bar) => heard.bars.push(bar));
  connector.on('error', ({ message }) => heard.errors.push(message));
  connector.on('status', (status) => heard.statuses.push(status));
  return heard;
}

function price(count: number, more: Partial<SimulatedPrice> = {}): SimulatedPrice {
  const ladder = (text: string) => [{ price: text, liquidity: 1_000_000 }];
  const [bid, ask] = [(1 + count / 1e5).toFixed(5), (1.0002 + count / 1e5).toFixed(5)];
  const time = START + count * SECOND;
  return { instrument: 'EUR_USD', time, tradeable: true, bids: ladder(bid), asks: ladder(ask), ...more };
}

function said({ statuses }: Heard, type: ConnectorStatus['type']): number {
  return statuses.filter((status) => status.type === type).length;
}

async function live(heard: Heard, times = 1): Promise<void> {
  await until(() => said(heard, 'live') >= times && heard.connector.snapshot().isLive, 'live');
}

describe('prices', () => {
  it('come through whole, split in halves, and before the venue has anything to say', async () => {
    const heard = connect({ symbols: ['EUR/USD', 'USD_JPY'] });
    await heard.connector.start();
    venue.faults.setSplit(true);
    for (let count = 0; count < 50; count++) venue.publish(price(count));
    await until(() => heard.ticks.length === 50, '50 prices');
    expect(heard.ticks.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 50 }, (_, count) => START + count * SECOND),
    );
    expect(heard.connector.snapshot().quarantined).toBe(0);
  });

  it('that a snapshot repeats after a reconnect are not doubled; the time away is a gap', async () => {
    const heard = connect();
    await heard.connector.start();
    venue.publish(price(1));
    await until(() => heard.ticks.length === 1, 'a price');
    venue.faults.cut();
    await live(heard, 2);
    venue.publish(price(2));
    await until(() => heard.ticks.length === 2, 'another');
    expect(heard.gaps.map(({ cause }) => cause)).toEqual(['DISCONNECT']);
    expect(heard.connector.snapshot().streams[0]).toMatchObject({ duplicates: 1, events: 2 });
  });

  it('of symbols that are added come by a connection that has them all, and none is lost', async () => {
    const heard = connect();
    await heard.connector.start();
    venue.publish(price(1));
    await heard.connector.subscribe(['USD_JPY']);
    await until(() => venue.streams === 1, 'one stream');
    venue.publish(price(2));
    venue.publish(price(2, { instrument: 'USD_JPY' }));
    await until(() => heard.ticks.length === 3, 'three prices');
    expect(heard.gaps).toEqual([]);
    expect(heard.connector.snapshot().reconnects).toBe(0);
  });
});

describe('a stream', () => {
  it('that ends in the middle of a line keeps the stub in quarantine, and is made again', async () => {
    const heard = connect();
    await heard.connector.start();
    venue.faults.cutWithinLine();
    await live(heard, 2);
    expect(heard.connector.snapshot()).toMatchObject({ quarantined: 1, reconnects: 1 });
    expect(heard.errors).toEqual(['not JSON']);
  });

  it('that stands and is silent is given up', async () => {
    const heard = connect({ limits: { silenceMs: 100 } });
    await heard.connector.start();
    venue.faults.halfOpen();
    await live(heard, 2);
    expect(heard.connector.snapshot().reconnects).toBe(1);
  });

  it('with a line of more than a megabyte goes on, and keeps its beginning', async () => {
    const frames: number[] = [];
    const heard = connect({ onQuarantine: (_, frame) => frames.push(frame.length) });
    await heard.connector.start();
    venue.sendRaw(`${'x'.repeat(3_000_000)}\n`);
    venue.publish(price(1));
    await until(() => heard.ticks.length === 1, 'the price after it');
    expect(frames).toEqual([1_048_577]);
  });

  it.each([
    [401, /^Oanda refused the key \(HTTP 401: refused with 401\): look at OANDA_API_KEY/],
    [403, /^Oanda does not let this key see account 101-\*\*\*-001 \(HTTP 403/],
    [404, /^Oanda knows no account 101-\*\*\*-001, or no such instrument/],
  ])('that is refused with %i ends in one line', async (status, message) => {
    const heard = connect();
    await heard.connector.start();
    venue.faults.refuse(status);
    venue.faults.cut();
    await until(() => heard.errors.length === 1, 'the refusal');
    expect(heard.errors[0]).toMatch(message);
    expect(heard.errors[0]).not.toContain(venue.accountId);
    expect(heard.connector.snapshot().streams[0]?.state).toBe('rejected');
  });

  it('that is throttled waits as long as it is asked to', async () => {
    const heard = connect();
    await heard.connector.start();
    venue.faults.refuse(429, 1);
    venue.faults.cut();
    await until(() => said(heard, 'reconnecting') === 2, 'the throttling');
    venue.faults.refuse(undefined);
    const waits = heard.statuses.flatMap((status) =>
      status.type === 'reconnecting' ? [[status.reason, status.retryInMs >= 1_000]] : [],
    );
    expect(waits[1]).toEqual(['Oanda asks to wait (HTTP 429: refused with 429)', true]);
    expect(heard.connector.snapshot().errors.rate_limited).toBe(1);
  });

  it('that meets an error of the venue is tried again', async () => {
    const heard = connect();
    await heard.connector.start();
    venue.faults.refuse(503);
    venue.faults.cut();
    await until(() => said(heard, 'reconnecting') >= 3, 'some tries');
    venue.faults.refuse(undefined);
    await live(heard, 2);
  });

  it('that is lost every two seconds for half an hour, faster here, leaves nothing open, and each hole is a gap', async () => {
    const heard = connect({ limits: { silenceMs: 60_000 }, reconnectMinMs: 1, reconnectMaxMs: 2 });
    await heard.connector.start();
    const before = openResources();
    for (let count = 1; count <= LOSSES; count++) {
      venue.publish(price(count));
      await until(() => heard.ticks.length === count, 'the price');
      venue.faults.cut();
      await live(heard, count + 1);
    }
    const { handles, timers, listeners } = openResources();
    expect([handles <= before.handles + 2, timers <= before.timers + 2, listeners]).toEqual([
      true,
      true,
      before.listeners,
    ]);
    expect(heard.gaps).toHaveLength(LOSSES);
    await heard.connector.stop();
    await until(() => venue.streams === 0, 'no stream');
  }, 120_000);
});

describe('credentials', () => {
  it('that are wrong end the start in one line, which does not hold them', async () => {
    const { connector } = connect({ apiKey: 'wrong-key' });
    await expect(connector.start()).rejects.toMatchObject({
      name: 'RejectedError',
      message: expect.stringMatching(/^Oanda refused the key [^\n]*$/),
    });
    const other = connect({ accountId: '101-004-7654321-002' }).connector;
    await expect(other.start()).rejects.toThrow(
      'Oanda does not let this key see account 101-***-002 (HTTP 403: Account 101-***-002 is not of this key)',
    );
  });

  it('may come from the environment, and are asked for by name where they are missing', async () => {
    const environment = { ...process.env };
    try {
      delete process.env['OANDA_API_KEY'];
      delete process.env['OANDA_ACCOUNT_ID'];
      expect(() => new OandaConnector({ symbols: ['EUR_USD'] })).toThrow(
        /^Oanda needs an API key: set OANDA_API_KEY/,
      );
      process.env['OANDA_API_KEY'] = venue.apiKey;
      expect(() => new OandaConnector({ symbols: ['EUR_USD'] })).toThrow(/set OANDA_ACCOUNT_ID/);
      process.env['OANDA_ACCOUNT_ID'] = venue.accountId;
      const { url } = venue;
      const connector = new OandaConnector({ symbols: ['EUR_USD'], streamUrl: url, restUrl: url });
      connectors.push(connector);
      await connector.start();
    } finally {
      process.env = environment;
    }
  });

  it.each([
    [{ apiKey: 'a b' }, 'the API key of Oanda holds a space or a line break: look at it'],
    [{ accountId: '1234' }, 'the account id of Oanda is none: it looks like 101-004-1234567-001'],
    [
      { restUrl: 'http://oanda.example' },
      /^restUrl is "http:\/\/oanda.example": the key would go there in the clear/,
    ],
    [{ streamUrl: 'oanda' }, /^streamUrl is "oanda": give it as/],
    [{ environment: 'moon' as 'live' }, 'there is no Oanda environment "moon": it is one of practice, live'],
  ])('and addresses that cannot be meant are refused in one line: %p', (options, message) => {
    expect(() => connect(options)).toThrow(message);
  });
});

describe('symbols', () => {
  it('are told from the metadata of the account, with the asset class', async () => {
    const heard = connect({ symbols: ['xau/usd', 'DE30_EUR', 'BCO/USD', 'USD_JPY'] });
    await heard.connector.start();
    const found = heard.connector
      .snapshot()
      .streams.map(({ symbol, assetClass }) => `${symbol} ${assetClass}`);
    expect(found.sort()).toEqual([
      'BCO/USD COMMODITY',
      'DE30/EUR INDEX',
      'USD/JPY FOREX',
      'XAU/USD COMMODITY',
    ]);
  });

  it('that are unknown are said with those that are near', async () => {
    const { connector } = connect({ symbols: ['EUR_USX', 'NOPE'] });
    await expect(connector.start()).rejects.toThrow(
      'this account of Oanda has no instrument EUR_USX: did you mean EUR_USD?',
    );
  });
});

describe('history', () => {
  /** Ten minutes of one price a second. */
  function trade(seconds: number): void {
    for (let count = 0; count < seconds; count++) venue.publish(price(count));
    now = START + seconds * SECOND;
  }

  async function barsOf(heard: Heard, more: object = {}): Promise<OHLCV[]> {
    const request = { symbol: 'EUR/USD', interval: '1m', from: START, to: START + 600 * SECOND, ...more };
    const pages = heard.connector.history(request);
    const bars: OHLCV[] = [];
    for await (const page of pages) bars.push(...page);
    return bars;
  }

  it('gives the candles of a time, mids by default, open ones marked', async () => {
    trade(150);
    const bars = await barsOf(connect());
    expect(
      bars.map(({ openTime, trades, isClosed }) => [(openTime - START) / SECOND, trades, isClosed]),
    ).toEqual([
      [0, 60, true],
      [60, 60, true],
      [120, 30, false],
    ]);
    expect(bars[0]).toMatchObject({
      ...{
        type: 'bar',
        venue: 'OANDA',
        symbol: 'EUR/USD',
        stream: 'candles',
        interval: '1m',
        priceType: 'mid',
      },
      ...{ open: 1.0001, high: 1.00069, low: 1.0001, close: 1.00069, volume: 0 },
    });
  });

  it('gives bids and asks where they are asked for, and only what lies in the time', async () => {
    trade(150);
    const bars = await barsOf(connect(), {
      ...{ from: START + 60 * SECOND, to: START + 120 * SECOND, priceTypes: ['bid', 'ask'] },
    });
    expect(bars.map(({ priceType, open, close }) => [priceType, open, close])).toEqual([
      ['bid', 1.0006, 1.00119],
      ['ask', 1.0008, 1.00139],
    ]);
  });

  it('goes on from page to page without a repetition, however many there are', async () => {
    const count = 12_345;
    for (let at = 0; at < count; at++) venue.publish(price(0, { time: START + at * 5 * SECOND }));
    now = START + count * 5 * SECOND;
    const bars = await barsOf(connect(), { interval: '5s', to: now });
    expect(bars.map(({ openTime }) => openTime)).toEqual(
      Array.from({ length: count }, (_, at) => START + at * 5 * SECOND),
    );
    expect(venue.requests.filter(({ path }) => path.includes('/candles'))).toHaveLength(3);
  });

  it('tries what may pass again, and says what may not in one line', async () => {
    trade(60);
    const heard = connect();
    venue.faults.refuse(503);
    const asked = barsOf(heard);
    await until(() => venue.requests.length >= 2, 'two tries');
    venue.faults.refuse(undefined);
    expect(await asked).toHaveLength(1);
    await expect(barsOf(heard, { interval: '7m' })).rejects.toThrow(
      /^Oanda has no candles of 7m: it has 5s, 10s/,
    );
    await expect(barsOf(heard, { priceTypes: ['trade'] })).rejects.toThrow('Oanda has no candles of trades');
    await expect(barsOf(heard, { symbol: 'NO_NE' })).rejects.toThrow(
      'this account of Oanda has no instrument NO_NE',
    );
  });

  it('fills a gap with bars of five seconds where that is wanted', async () => {
    const heard = connect({ fillGaps: true, clock: { now: () => now, stampFrame: () => now } });
    await heard.connector.start();
    venue.publish(price(0));
    await until(() => heard.ticks.length === 1, 'a price');
    venue.faults.refuse(503);
    venue.faults.cut();
    await until(() => said(heard, 'reconnecting') > 0, 'the loss');
    for (let count = 1; count <= 20; count++) venue.publish(price(count));
    now = START + 21 * SECOND;
    venue.faults.refuse(undefined);
    await live(heard, 2);
    await until(() => heard.bars.length === 5, 'the bars of the gap');
    expect(heard.bars.map(({ openTime, trades }) => [(openTime - START) / SECOND, trades])).toEqual([
      [0, 5],
      [5, 5],
      [10, 5],
      [15, 5],
      [20, 1],
    ]);
    expect(heard.gaps).toHaveLength(1);
  });
});
