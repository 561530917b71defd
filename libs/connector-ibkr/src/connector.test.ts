import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConnectorStatus } from '@autotrader/connector-core';
import type { Depth, Gap, OHLCV, Tick } from '@autotrader/schemas';
import { EventName, IBApi, SecType } from '@stoqey/ib';
import { IbkrConnector, type IbkrConnectorOptions } from './connector.js';
import { openResources, until } from '@autotrader/connector-core/testing';
import { startTwsSimulator, type TwsSimulator } from './testing/index.js';

const SECOND = 1_000_000;
/** One every six seconds of half an hour. */
const LOSSES = 300;
const START = 1_795_361_400 * SECOND;

let tws: TwsSimulator;
let now = START;
const connectors: IbkrConnector[] = [];

beforeEach(async () => {
  now = START;
  tws = await startTwsSimulator({ market: false, tickByTickEveryMs: 0, now: () => now });
});
afterEach(async () => {
  await Promise.all(connectors.splice(0).map((connector) => connector.stop()));
  await tws.stop();
});

interface Heard {
  readonly connector: IbkrConnector;
  readonly ticks: Tick[];
  readonly books: Depth[];
  readonly bars: OHLCV[];
  readonly gaps: Gap[];
  readonly errors: string[];
  readonly statuses: ConnectorStatus[];
}

function connect(options: Partial<IbkrConnectorOptions> = {}): Heard {
  const { host, port } = tws;
  const connector = new IbkrConnector({
    ...{ symbols: ['AAPL'], streams: ['Last'], host, port, tickByTickEveryMs: 0, keepAliveMs: 20 },
    ...{ reconnectMinMs: 5, reconnectMaxMs: 20, ...options },
  });
  connectors.push(connector);
  const heard: Heard = { connector, ticks: [], books: [], bars: [], gaps: [], errors: [], statuses: [] };
  connector.on('tick', (tick) => heard.ticks.push(tick)).on('depth', (depth) => heard.books.push(depth));
  connector.on('bar', (bar) => heard.bars.push(bar)).on('gap', (gap) => heard.gaps.push(gap));
  connector.on('error', ({ message }) => heard.errors.push(message));
  connector.on('status', (status) => heard.statuses.push(status));
  return heard;
}

function said({ statuses }: Heard, type: ConnectorStatus['type']): ConnectorStatus[] {
  return statuses.filter((status) => status.type === type);
}

async function live(heard: Heard, times = 1): Promise<void> {
  await until(() => said(heard, 'live').length >= times && heard.connector.snapshot().isLive, 'live');
}

async function ticks(heard: Heard, count: number): Promise<void> {
  await until(() => heard.ticks.length >= count, `${count} ticks`);
}

describe('ticks', () => {
  it('are trades as the venue tells them, equal ones of a second told apart', async () => {
    const heard = connect();
    await heard.connector.start();
    tws.faults.setPieces(3);
    for (const size of [100, 100, 200]) tws.market.trade('AAPL', { price: 271.35, size, exchange: 'ARCA' });
    await ticks(heard, 3);
    expect(heard.ticks[0]).toMatchObject({
      ...{ venue: 'IBKR', symbol: 'AAPL', venueSymbol: 'AAPL', assetClass: 'EQUITY', stream: 'Last' },
      ...{ kind: 'trade', price: 271.35, size: 100, side: 'UNKNOWN', timestamp: START },
    });
    expect(new Set(heard.ticks.map(({ contentId }) => contentId)).size).toBe(3);
    const times = heard.ticks.map(({ receivedAt }) => receivedAt);
    expect(new Set(times).size).toBe(3);
  });

  it('are quotes and their middle, of forex and crypto by the names of the venue', async () => {
    const heard = connect({ symbols: ['EUR/USD', 'BTC/USD'], streams: ['BidAsk', 'MidPoint'] });
    await heard.connector.start();
    tws.market.quote('EUR.USD', { bid: 1.05235, ask: 1.05245, bidSize: 1_000_000, askSize: 2_000_000 });
    await ticks(heard, 2);
    expect(
      heard.ticks.map(({ symbol, assetClass, stream, price, bid, askSize }) => [
        symbol,
        assetClass,
        stream,
        price,
        bid,
        askSize,
      ]),
    ).toEqual([
      ['EUR/USD', 'FOREX', 'BidAsk', 1.0524, 1.05235, 2_000_000],
      ['EUR/USD', 'FOREX', 'MidPoint', 1.0524, undefined, undefined],
    ]);
    const found = heard.connector
      .snapshot()
      .streams.map(({ venueSymbol, assetClass }) => `${venueSymbol} ${assetClass}`);
    expect(new Set(found)).toEqual(new Set(['EUR.USD FOREX', 'BTC.USD CRYPTO']));
  });

  it('are streamed market data where these are asked for', async () => {
    const heard = connect({ streams: ['marketData'] });
    await heard.connector.start();
    tws.market.quote('AAPL', { bid: 271.34, ask: 271.36, bidSize: 100, askSize: 300 });
    tws.market.trade('AAPL', { price: 271.35, size: 100 });
    tws.market.trade('AAPL', { price: 271.36, size: 100 });
    await until(() => heard.ticks.filter(({ kind }) => kind === 'trade').length === 2, 'two trades');
    expect(heard.ticks.filter(({ kind }) => kind === 'quote').at(-1)).toMatchObject({
      bid: 271.34,
      ask: 271.36,
      bidSize: 100,
      askSize: 300,
    });
  });

  it('are bars of five seconds', async () => {
    const heard = connect({ streams: ['realTimeBars'] });
    await heard.connector.start();
    const prices = { open: 1, high: 4, low: 0.5, close: 2, wap: 1.5 };
    tws.market.bar('AAPL', { time: START / SECOND, ...prices, volume: 1_200, count: 7 });
    await until(() => heard.bars.length === 1, 'a bar');
    expect(heard.bars[0]).toMatchObject({
      ...{ interval: '5s', priceType: 'trade', openTime: START, open: 1, high: 4, low: 0.5, close: 2 },
      ...{ volume: 1_200, trades: 7, vwap: 1.5, isClosed: true },
    });
  });
});

describe('a ladder', () => {
  const level = (position: number, operation: 0 | 1 | 2, side: 0 | 1, price: number) => ({
    position,
    operation,
    side,
    price,
    size: 100,
  });

  it('is kept right through inserts, updates and deletes', async () => {
    const heard = connect({ streams: ['depth'] });
    await heard.connector.start();
    const changes = [
      level(0, 0, 1, 10),
      level(0, 0, 1, 11),
      level(2, 0, 1, 9),
      level(1, 1, 1, 10.5),
      level(0, 2, 1, 0),
      level(0, 0, 0, 12),
    ];
    for (const change of changes) tws.market.depth('AAPL', change);
    await until(() => heard.books.length === changes.length, 'every change');
    const { bids = [], asks = [] } = heard.books.at(-1) ?? {};
    expect([bids.map(({ price }) => price), asks.map(({ price }) => price)]).toEqual([[10.5, 9], [12]]);
  });

  it('is empty again after a reset, and a position that is none goes to quarantine', async () => {
    const heard = connect({ streams: ['depth'] });
    await heard.connector.start();
    tws.market.depth('AAPL', level(0, 0, 1, 10));
    tws.faults.error('AAPL', 317, 'Market depth data has been RESET');
    tws.market.depth('AAPL', level(0, 0, 0, 12));
    tws.market.depth('AAPL', level(5, 1, 0, 12));
    await until(() => heard.errors.length === 1, 'the wrong one');
    expect(heard.books.at(-1)).toMatchObject({ bids: [], asks: [{ price: 12, size: 100 }] });
    expect(heard.errors).toEqual(['updateMktDepthL2: position 5 of a ladder of 1']);
  });
});

describe('contracts', () => {
  it('that are ambiguous or unknown are refused with what the venue has', async () => {
    const { connector } = connect({ symbols: ['XYZ'] });
    await expect(connector.start()).rejects.toThrow(
      /^XYZ is ambiguous at Interactive Brokers: XYZ \(STK, NASDAQ, USD, XYZ HOLDINGS, conId 900001\), XYZ \(STK, NYSE, USD, XYZ INC, conId 900002\); name one by the option contracts$/,
    );
    await expect(connect({ symbols: ['NOSUCH'] }).connector.start()).rejects.toThrow(
      /^Interactive Brokers has no contract NOSUCH: /,
    );
  });

  it('may be named: a future, an index, one of several stocks', async () => {
    const contracts = {
      ESZ6: {
        symbol: 'ES',
        secType: SecType.FUT,
        exchange: 'CME',
        currency: 'USD',
        lastTradeDateOrContractMonth: '202612',
      },
      SPX: { symbol: 'SPX', secType: SecType.IND, exchange: 'CBOE', currency: 'USD' },
      XYZ: { conId: 900_002 },
    };
    const heard = connect({ symbols: Object.keys(contracts), contracts });
    await heard.connector.start();
    const found = heard.connector
      .snapshot()
      .streams.map(({ symbol, assetClass }) => `${symbol} ${assetClass}`);
    expect(found).toEqual(['ESZ6 COMMODITY', 'SPX INDEX', 'XYZ EQUITY']);
  });
});

describe('data one may not see', () => {
  it.each([354, 10089, 10168, 10186, 10189, 10167])(
    'is delayed data, said in one line and marked: %i',
    async (code) => {
      tws.faults.refuse('AAPL', code);
      const heard = connect();
      await heard.connector.start();
      await until(() => said(heard, 'degraded').length > 0, 'the word');
      expect(said(heard, 'degraded')[0]).toMatchObject({
        source: { symbol: 'AAPL', stream: 'Last' },
        reason: expect.stringMatching(/^delayed data, for lack of a market data subscription: [^\n]+$/),
      });
      await live(heard);
      await until(() => tws.requests.some(({ fields }) => fields[0] === '1'), 'a request for market data');
      await until(() => {
        tws.market.trade('AAPL', { price: 271.35, size: 100 + heard.ticks.length });
        return heard.ticks.length > 0;
      }, 'a delayed trade');
      expect(heard.ticks[0]).toMatchObject({ stream: 'Last', condition: 'DELAYED', price: 271.35 });
    },
  );

  it('is refused where only live data is wanted', async () => {
    tws.faults.refuse('AAPL', 354);
    const heard = connect({ marketDataType: 'live' });
    heard.connector.start().catch(() => undefined);
    await until(() => heard.errors.length > 0, 'the refusal');
    expect(heard.errors[0]).toMatch(/^Interactive Brokers refused AAPL Last: .* \(code 10189\)$/);
  });

  it('tick by tick beyond what the venue allows is streamed market data, and it is said', async () => {
    const symbols = ['AAPL', 'MSFT', 'EUR/USD'];
    const heard = connect({ symbols, streams: ['BidAsk', 'MidPoint'] });
    await heard.connector.start();
    await until(() => said(heard, 'degraded').length === 1, 'the word');
    expect(said(heard, 'degraded')[0]).toMatchObject({
      reason: expect.stringContaining('in place of tick by tick'),
    });
    await live(heard);
    tws.market.quote('EUR.USD', { bid: 1.05235, ask: 1.05245, bidSize: 1, askSize: 1 });
    await until(() => new Set(heard.ticks.map(({ stream }) => stream)).size === 2, 'both streams');
  });

  it('that another session takes is a gap until it flows again', async () => {
    const heard = connect();
    await heard.connector.start();
    tws.market.trade('AAPL', { price: 1, size: 1 });
    await ticks(heard, 1);
    tws.faults.error('AAPL', 10197, 'No market data during competing live session');
    await until(() => said(heard, 'interrupted').length === 1, 'the interruption');
    expect(heard.connector.snapshot().isLive).toBe(false);
    tws.market.trade('AAPL', { price: 1, size: 2 });
    await live(heard, 2);
    expect(heard.gaps).toEqual([
      expect.objectContaining({ cause: 'DISCONNECT', fromTime: heard.ticks[0]?.receivedAt }),
    ]);
  });
});

describe('a connection', () => {
  it('behind which the servers are lost stands; the time away is a gap (1100, 1102)', async () => {
    const heard = connect();
    await heard.connector.start();
    tws.market.trade('AAPL', { price: 1, size: 1 });
    await ticks(heard, 1);
    tws.faults.system(1100, 'Connectivity between IB and Trader Workstation has been lost.');
    await until(() => said(heard, 'interrupted').length === 1, 'the interruption');
    tws.faults.system(
      1102,
      'Connectivity between IB and Trader Workstation has been restored - data maintained.',
    );
    await live(heard, 2);
    expect(heard.gaps).toHaveLength(1);
    expect(heard.connector.snapshot().reconnects).toBe(0);
  });

  it('that lost its subscriptions asks for all of them anew (1101)', async () => {
    const heard = connect({ symbols: ['AAPL', 'MSFT'] });
    await heard.connector.start();
    tws.faults.system(1100, 'lost');
    tws.faults.loseSubscriptions();
    tws.faults.system(1101, 'Connectivity has been restored - data lost.');
    await live(heard, 2);
    for (const symbol of ['AAPL', 'MSFT']) tws.market.trade(symbol, { price: 1, size: 1 });
    await ticks(heard, 2);
    expect(heard.gaps).toHaveLength(2);
  });

  it('whose farm is broken is interrupted until it is well (2103, 2104)', async () => {
    const heard = connect();
    await heard.connector.start();
    tws.faults.system(2103, 'Market data farm connection is broken:usfarm');
    await until(() => said(heard, 'interrupted').length === 1, 'the interruption');
    tws.faults.system(2104, 'Market data farm connection is OK:hmds');
    tws.faults.system(2104, 'Market data farm connection is OK:usfarm');
    await live(heard, 2);
    expect(heard.gaps).toHaveLength(1);
  });

  it('to a TWS that restarts is made again once that is up', async () => {
    const heard = connect();
    await heard.connector.start();
    const restart = tws.faults.restart();
    await until(() => said(heard, 'reconnecting').length > 1, 'some tries');
    expect(said(heard, 'reconnecting').at(-1)).toMatchObject({
      reason: expect.stringMatching(
        /^TWS cannot be reached at 127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\): is TWS or IB Gateway running/,
      ),
    });
    await restart.up();
    await live(heard, 2);
    expect(heard.gaps).toHaveLength(1);
  });

  it('with a client id that is in use takes another', async () => {
    tws.faults.occupy(1, 2);
    const heard = connect();
    await heard.connector.start();
    expect(said(heard, 'reconnecting')).toContainEqual(
      expect.objectContaining({ reason: 'TWS already has a client with id 1: another id is tried' }),
    );
  });

  it.each(['cut', 'cutWithinMessage', 'halfOpen'] as const)('that fails is made again: %s', async (fault) => {
    const heard = connect({ limits: { silenceMs: 200 } });
    await heard.connector.start();
    tws.faults[fault]();
    await live(heard, 2);
    expect(heard.gaps).toHaveLength(1);
    tws.market.trade('AAPL', { price: 1, size: 1 });
    await ticks(heard, 1);
  });

  it('with a length that is none is ended, kept and made again', async () => {
    const heard = connect();
    await heard.connector.start();
    tws.sendRaw(Buffer.from([0xff, 0xff, 0xff, 0xfc, 1, 2, 3]));
    await live(heard, 2);
    expect(heard.errors).toEqual(['no length of a message']);
    expect(heard.connector.snapshot()).toMatchObject({ quarantined: 1, reconnects: 1 });
  });

  it('lost every six seconds for half an hour, faster here, leaves nothing open, and each hole is a gap', async () => {
    const heard = connect({ reconnectMinMs: 1, reconnectMaxMs: 2, keepAliveMs: 60_000 });
    await heard.connector.start();
    const before = openResources();
    for (let count = 1; count <= LOSSES; count++) {
      now += 6 * SECOND;
      tws.market.trade('AAPL', { price: 271.35, size: count });
      await ticks(heard, count);
      tws.faults.cut();
      await live(heard, count + 1);
    }
    const { handles, timers, listeners } = openResources();
    expect([handles <= before.handles + 2, timers <= before.timers + 2, listeners]).toEqual([
      true,
      true,
      before.listeners,
    ]);
    expect(heard.gaps).toHaveLength(LOSSES);
    expect(heard.ticks.map(({ size }) => size)).toEqual(Array.from({ length: LOSSES }, (_, at) => at + 1));
    await heard.connector.stop();
    await until(() => tws.clients === 0, 'no client');
  }, 120_000);

  it('on which the library throws is ended and made again, the message kept', async () => {
    const heard = connect();
    await heard.connector.start();
    const { emit } = IBApi.prototype;
    const failing = jest.spyOn(IBApi.prototype, 'emit').mockImplementation(function (this: IBApi, ...args) {
      if (args[0] === EventName.tickByTickAllLast) throw new Error('cannot decode\nthis');
      return emit.apply(this, args);
    });
    try {
      tws.market.trade('AAPL', { price: 271.35, size: 1 });
      await live(heard, 2);
    } finally {
      failing.mockRestore();
    }
    expect(heard.errors).toEqual(['cannot decode this']);
    expect(heard.connector.snapshot()).toMatchObject({ quarantined: 1, reconnects: 1 });
    tws.market.trade('AAPL', { price: 271.35, size: 2 });
    await ticks(heard, 1);
  });
});

describe('the portfolio', () => {
  it('tells positions, then changes, and all again after a loss', async () => {
    tws.portfolio.position('DU1234567', 'AAPL', 100, 250.5);
    const { connector } = connect();
    const positions = connector.positions();
    const next = async () => (await positions.next()).value;
    expect(await next()).toMatchObject({
      account: 'DU1234567',
      size: 100,
      averageCost: 250.5,
      contract: { conId: 265_598 },
    });
    tws.portfolio.position('DU1234567', 'AAPL', 150, 255);
    expect(await next()).toMatchObject({ size: 150 });
    tws.faults.cut();
    expect(await next()).toMatchObject({ size: 150 });
    await connector.stop();
    expect((await positions.next()).done).toBe(true);
  });

  it('tells values and holdings of an account', async () => {
    tws.portfolio.value('DU1234567', 'NetLiquidation', '10000.5', 'USD');
    tws.portfolio.position('DU1234567', 'MSFT', -5, 500);
    const { connector } = connect();
    const updates = connector.accountUpdates('DU1234567');
    const seen: unknown[] = [];
    for await (const update of updates) {
      seen.push(update);
      if (update.type === 'time') break;
    }
    expect(seen).toEqual([
      { type: 'value', account: 'DU1234567', key: 'NetLiquidation', value: '10000.5', currency: 'USD' },
      expect.objectContaining({ type: 'holding', size: -5, averageCost: 500, marketPrice: 512.4 }),
      { type: 'time', time: '09:31' },
    ]);
  });
});

describe('options', () => {
  it.each([
    [
      { gateway: 'moon' as 'tws-live', port: undefined },
      'there is no gateway "moon": it is one of tws-live, tws-paper, gateway-live, gateway-paper',
    ],
    [{ port: 0 }, 'port is 0: a whole number from 1 to 65535 is wanted'],
    [{ clientId: -1 }, 'clientId is -1: a whole number from 0 is wanted'],
    [{ marketDataType: 'late' as 'live' }, 'marketDataType is "late": it is one of live, delayed, auto'],
  ])('that cannot be meant are refused in one line: %p', (options, message) => {
    expect(() => connect(options)).toThrow(message);
  });
});
