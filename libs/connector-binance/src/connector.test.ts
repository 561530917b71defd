import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectorStatus } from '@autotrader/connector-core';
import type { Gap, Tick } from '@autotrader/schemas';
import { BinanceConnector, type BinanceConnectorOptions, binanceVenue } from './connector.js';
import { FRAMES } from './fixtures/frames.js';
import { LocalVenue } from './fixtures/local-venue.js';
import { BINANCE_HOSTS, type BinanceHostName } from './hosts.js';
import { BINANCE_STREAMS } from './streams.js';

describe('the venue', () => {
  it.each([
    ['live', 'wss://stream.binance.com:9443/stream?timeUnit=MICROSECOND'],
    ['market-data', 'wss://data-stream.binance.vision/stream?timeUnit=MICROSECOND'],
    ['us', 'wss://stream.binance.us:9443/stream?timeUnit=MICROSECOND'],
    ['testnet', 'wss://stream.testnet.binance.vision/stream?timeUnit=MICROSECOND'],
  ] as const)('%s is at %s, in the combined form and in microseconds', (host, url) => {
    expect(binanceVenue({ host }).transport.address).toBe(url);
  });

  it('is live Binance when nothing is said', () => {
    expect(binanceVenue({}).transport.address).toBe(
      `${BINANCE_HOSTS.live.wsUrl}/stream?timeUnit=MICROSECOND`,
    );
  });

  it.each(['ws://127.0.0.1:9000', 'ws://127.0.0.1:9000/'])('may be at any other address: %s', (wsUrl) => {
    expect(binanceVenue({ wsUrl }).transport.address).toBe('ws://127.0.0.1:9000/stream?timeUnit=MICROSECOND');
  });

  it('may be behind the path of a proxy', () => {
    expect(binanceVenue({ wsUrl: 'wss://proxy/binance/' }).transport.address).toBe(
      'wss://proxy/binance/stream?timeUnit=MICROSECOND',
    );
  });

  it.each([
    [
      { host: 'moon' as BinanceHostName },
      'there is no Binance host "moon": it is one of live, market-data, us, testnet',
    ],
    [{ host: '__proto__' as BinanceHostName }, /^there is no Binance host "__proto__"/],
    [{ wsUrl: 'stream.binance.com' }, 'wsUrl is "stream.binance.com": give it as wss://host or ws://host'],
    [{ wsUrl: 'https://stream.binance.com' }, /^wsUrl is "https/],
    [{ wsUrl: 'wss://stream.binance.com?x=1' }, /^wsUrl is/],
    [{ restUrl: 'api.binance.com' }, 'restUrl is "api.binance.com": give it as https://host or http://host'],
    [{ restUrl: '' }, /^restUrl is ""/],
  ])('that cannot be meant is refused in one line: %j', (options, message) => {
    expect(() => binanceVenue(options)).toThrow(message);
    expect(() => new BinanceConnector({ symbols: ['BTCUSDT'], ...options })).toThrow(message);
  });

  it('keeps to the limits of Binance: 5 messages a second with our pong, 1,024 streams, 24 hours', () => {
    const { messagesPerSecond, streamsPerConnection, connectionLifetimeMs, silenceMs } = binanceVenue(
      {},
    ).limits;
    expect(messagesPerSecond).toBe(4);
    expect(streamsPerConnection).toBe(1_024);
    expect(connectionLifetimeMs).toBe(24 * 3_600_000 - 600_000);
    expect(silenceMs).toBe(60_000);
    expect(binanceVenue({ connectionLifetimeMs: 5 }).limits.connectionLifetimeMs).toBe(5);
  });

  it('has a rule for every stream', () => {
    expect(Object.keys(binanceVenue({}).streams)).toEqual(BINANCE_STREAMS);
  });
});

describe('a connector', () => {
  let venue: LocalVenue;
  let connector: BinanceConnector;

  const connect = async (options: Partial<BinanceConnectorOptions> = {}): Promise<void> => {
    const { wsUrl, restUrl } = venue;
    connector = new BinanceConnector({ symbols: ['BTCUSDT'], wsUrl, restUrl, ...options });
    await connector.start();
  };
  const ticks = (count: number): Promise<Tick[]> => {
    const received: Tick[] = [];
    return new Promise((resolve) => {
      connector.on('tick', (tick) => {
        if (received.push(tick) === count) resolve(received);
      });
    });
  };

  beforeEach(async () => {
    venue = await LocalVenue.open();
  });

  afterEach(async () => {
    await connector.stop();
    await venue.close();
  });

  it('asks for trades and the top of the book when nothing is said, on one combined connection', async () => {
    await connect();
    expect(venue.opened).toEqual(['/stream?timeUnit=MICROSECOND']);
    expect(venue.requests).toEqual([
      '{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth20@100ms"],"id":1}',
    ]);
  });

  it('hands on what the venue sends, between what it cannot read', async () => {
    await connect({ streams: ['trade', 'bookTicker'] });
    const received = ticks(2);
    await venue.send('not JSON');
    await venue.send(FRAMES.trade);
    await venue.send(FRAMES.bookTicker);
    expect((await received).map(({ kind, symbol, price }) => [kind, symbol, price])).toEqual([
      ['trade', 'BTC/USDT', 84_215.37],
      ['quote', 'BTC/USDT', 84_215.365],
    ]);
    expect(connector.snapshot()).toMatchObject({ quarantined: 1, precisionLosses: 0 });
  });

  it('keeps a price of 17 digits as the nearest double, counts every one and says so once', async () => {
    await connect({ streams: ['trade'] });
    const said: ConnectorStatus[] = [];
    connector.on('status', (status) => said.push(status));
    const received = ticks(3);
    const id = (index: number): string => String(5_312_345_678 + index);
    const prices = ['84215.370000000012', '84215.370000000013', '84215.37000000'];
    for (const [index, price] of prices.entries())
      await venue.send(FRAMES.trade.replace('84215.37000000', price).replace(id(0), id(index)));
    expect((await received).map(({ price }) => price)).toEqual(prices.map(Number));
    expect(connector.snapshot()).toMatchObject({ quarantined: 0, precisionLosses: 2 });
    expect(said).toEqual([
      { type: 'precision_loss', source: expect.objectContaining({ stream: 'trade' }), text: prices[0] },
    ]);
  });

  it('tells which trades, aggregates and changes of the book are missing, by the ids of the venue', async () => {
    await connect({ streams: ['trade', 'aggTrade', 'depth'] });
    const gaps: Gap[] = [];
    connector.on('gap', (gap) => gaps.push(gap));
    const received = new Promise((resolve) =>
      connector.on('depth', (depth) => {
        if (depth.sequenceId === 76_543_211_009) resolve(depth);
      }),
    );
    await venue.send(FRAMES.trade);
    await venue.send(FRAMES.trade.replace('5312345678', '5312345679'));
    await venue.send(FRAMES.trade.replace('5312345678', '5312345683'));
    await venue.send(FRAMES.aggTrade);
    await venue.send(FRAMES.aggTrade.replace('3812345678', '3812345680'));
    await venue.send(FRAMES.depth);
    await venue.send(
      FRAMES.depth.replace('76543210981', '76543210991').replace('76543210990', '76543210999'),
    );
    await venue.send(
      FRAMES.depth.replace('76543210981', '76543211005').replace('76543210990', '76543211009'),
    );
    await received;
    expect(
      gaps.map(({ stream, fromSequence, toSequence, cause }) => [stream, fromSequence, toSequence, cause]),
    ).toEqual([
      ['trade', 5_312_345_680, 5_312_345_682, 'SEQUENCE'],
      ['aggTrade', 3_812_345_679, 3_812_345_679, 'SEQUENCE'],
      ['depth', 76_543_211_000, 76_543_211_004, 'SEQUENCE'],
    ]);
  });

  it('names an unknown symbol and what to write instead, and goes on with the others', async () => {
    const errors: string[] = [];
    const { wsUrl, restUrl } = venue;
    connector = new BinanceConnector({ symbols: ['BTCUSD', 'BTCUSDT'], wsUrl, restUrl });
    connector.on('error', ({ message }) => errors.push(message));
    await connector.start();
    expect(errors).toEqual(['Binance has no symbol BTCUSD: did you mean BTCUSDT?']);
    expect(connector.snapshot().isLive).toBe(true);
  });

  it('does not start when the venue has none of the symbols', async () => {
    const { wsUrl, restUrl } = venue;
    connector = new BinanceConnector({ symbols: ['BTCUSD'], wsUrl, restUrl });
    await expect(connector.start()).rejects.toThrow('Binance has no symbol BTCUSD: did you mean BTCUSDT?');
  });
});
