import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { BinanceSimulatorOptions } from '../options.js';
import { RawClient, until } from '../raw-client.js';
import type { BinanceSimulator } from '../simulator.js';
import { startBinanceSimulator } from '../start-simulator.js';

/** A busy machine is no failure. */
jest.setTimeout(30_000);

const NOW = 1_795_361_400_123_456;
const clock = { now: () => NOW };

let simulator: BinanceSimulator;
const start = async (options: BinanceSimulatorOptions = {}): Promise<BinanceSimulator> =>
  (simulator = await startBinanceSimulator({ market: false, clock, maxMessagesPerSecond: 1000, ...options }));
const open = (path: string, options = {}): Promise<RawClient> =>
  RawClient.open(simulator.wsUrl + path, options);

afterEach(() => simulator.stop());

describe('paths', () => {
  it.each(['/ws/btcusdt@trade', '/ws/btcusdt@trade/ethusdt@trade', '/ws/btcusdt%40trade'])(
    'sends bare payloads on %s',
    async (path) => {
      await start();
      const client = await open(path);
      simulator.send('btcusdt@trade', { t: 1 });
      expect(await client.next()).toEqual({ t: 1 });
    },
  );

  it.each([
    '/stream?streams=btcusdt@trade',
    '/stream?streams=ethusdt@trade/btcusdt@trade&timeUnit=MICROSECOND',
  ])('wraps payloads on %s', async (path) => {
    await start();
    const client = await open(path);
    simulator.send('btcusdt@trade', '{"t": 1}');
    await client.next();
    expect(client.texts).toEqual(['{"stream":"btcusdt@trade","data":{"t": 1}}']);
  });

  it('subscribes on /ws and /stream by message, each client to its own streams', async () => {
    await start();
    const [bare, wrapped] = [await open('/ws'), await open('/stream')];
    await bare.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: 1 });
    await wrapped.ask({ method: 'SUBSCRIBE', params: ['ethusdt@trade'], id: 1 });
    simulator.send('btcusdt@trade', { t: 1 });
    simulator.send('ethusdt@trade', { t: 2 });
    expect(await bare.rest()).toEqual([{ t: 1 }]);
    expect(await wrapped.rest()).toEqual([{ stream: 'ethusdt@trade', data: { t: 2 } }]);
  });

  it.each(['/', '/nothing', '/wsx', '/stream?timeUnit=NANOSECOND', '/ws/%E0%A4%A'])(
    'refuses %s with a status',
    async (path) => {
      await start();
      await expect(open(path)).rejects.toThrow('404');
    },
  );
});

describe('symbols beyond ASCII', () => {
  it('are streamed and listed like any other', async () => {
    await start({ market: { paused: true }, symbols: ['币安人生USDT'] });
    const client = await open(`/stream?streams=${encodeURIComponent('币安人生usdt@trade')}`);
    simulator.market.advance(2000);
    expect(await client.next()).toMatchObject({ stream: '币安人生usdt@trade', data: { s: '币安人生USDT' } });
    const url = `${simulator.restUrl}/api/v3/exchangeInfo?symbol=${encodeURIComponent('币安人生USDT')}`;
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('control messages', () => {
  it.each([
    [
      { method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: 1 },
      { result: null, id: 1 },
    ],
    [
      { method: 'SUBSCRIBE', params: ['nosuch@trade'], id: 'abc' },
      { result: null, id: 'abc' },
    ],
    [
      { method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: null },
      { result: null, id: null },
    ],
    [
      { method: 'LIST_SUBSCRIPTIONS', id: 3 },
      { result: ['ethusdt@trade'], id: 3 },
    ],
    [
      { method: 'GET_PROPERTY', params: ['combined'], id: 5 },
      { result: false, id: 5 },
    ],
    [
      { method: 'SET_PROPERTY', params: ['combined', true], id: 4 },
      { result: null, id: 4 },
    ],
    [
      { method: 'SET_PROPERTY', params: ['other', true], id: 4 },
      { code: 0, msg: 'Unknown property', id: 4 },
    ],
    [{ method: 'SET_PROPERTY', params: ['combined', 1], id: 4 }, { code: 1 }],
    [{ method: 'GET_PROPERTY', params: [1], id: 4 }, { code: 2 }],
    [{ method: 'GET_PROPERTY', params: ['combined', 1], id: 4 }, { code: 2 }],
    [{ method: 'subscribe', params: [], id: 4 }, { code: 2 }],
    [
      { method: 'SUBSCRIBE', params: [1], id: 4 },
      { code: 2, id: 4 },
    ],
    [{ method: 'SUBSCRIBE', params: ['btcusdt@trade'] }, { code: 2 }],
    [{ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: 1.5 }, { code: 2 }],
    [{ id: 1 }, { code: 2, msg: 'Invalid request: missing field `method` at line 1 column 8' }],
    ['[]', { code: 2 }],
    ['{"method":', { code: 3 }],
  ])('answers %j', async (request, answer) => {
    await start();
    const client = await open('/ws/ethusdt@trade');
    expect(await client.ask(request)).toMatchObject(answer);
  });

  it('echoes an id of 64 bits digit by digit', async () => {
    await start();
    const client = await open('/ws');
    await client.ask('{"method":"LIST_SUBSCRIPTIONS","id":9223372036854775807}');
    expect(client.texts).toEqual(['{"result":[],"id":9223372036854775807}']);
  });

  it('acknowledges before the first data, never wrapped, and stops after UNSUBSCRIBE', async () => {
    await start();
    const client = await open('/stream');
    const request = { method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: 1 };
    client.send(request);
    await simulator.subscribed('btcusdt@trade');
    simulator.send('btcusdt@trade', { t: 1 });
    expect(await client.take(2)).toEqual([
      { result: null, id: 1 },
      { stream: 'btcusdt@trade', data: { t: 1 } },
    ]);
    await client.ask({ ...request, method: 'UNSUBSCRIBE' });
    simulator.send('btcusdt@trade', { t: 2 });
    expect(await client.rest()).toEqual([]);
    expect(simulator.sent.of('btcusdt@trade').events).toBe(1);
  });

  it('wraps from SET_PROPERTY combined on', async () => {
    await start();
    const client = await open('/ws/btcusdt@trade');
    await client.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 1 });
    simulator.send('btcusdt@trade', { t: 1 });
    expect(await client.next()).toEqual({ stream: 'btcusdt@trade', data: { t: 1 } });
  });
});

describe('limits', () => {
  it('disconnects a client that sends six messages in a second, and not one that sends five', async () => {
    await start({ maxMessagesPerSecond: 5 });
    const [loud, quiet] = [await open('/ws'), await open('/ws')];
    for (let message = 0; message < 5; message += 1)
      quiet.send({ method: 'LIST_SUBSCRIPTIONS', id: message });
    await quiet.take(5);
    for (let message = 0; message < 4; message += 1) loud.send({ method: 'LIST_SUBSCRIPTIONS', id: message });
    loud.socket.ping('a');
    loud.socket.pong('b');
    expect(await loud.closed).toEqual({ code: 1008, reason: 'too many messages' });
    expect(simulator.connections.violations).toEqual([{ connection: 1, rule: 'too many messages', at: NOW }]);
    const heard = simulator.connections.received.filter(({ connection }) => connection === 1);
    expect(heard.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'text', 'ping', 'pong']);
    await until(() => simulator.connections.open === 1);
  });

  it('refuses more streams on a connection than the venue allows', async () => {
    await start({ maxStreams: 3 });
    const client = await open('/ws/a@trade/b@trade');
    const tooMany = { method: 'SUBSCRIBE', params: ['b@trade', 'c@trade', 'd@trade'], id: 1 };
    expect(await client.ask(tooMany)).toMatchObject({ code: 2, id: 1 });
    const enough = { method: 'SUBSCRIBE', params: ['b@trade', 'c@trade'], id: 2 };
    expect(await client.ask(enough)).toEqual({ result: null, id: 2 });
    await expect(open('/ws/a@trade/b@trade/c@trade/d@trade')).rejects.toThrow('400');
  });

  it('pings, and drops who does not answer with the same payload', async () => {
    await start({ pingIntervalMs: 20, pongTimeoutMs: 600 });
    const [alive, dead] = [await open('/ws'), await open('/ws', { autoPong: false })];
    dead.socket.pong();
    expect(await dead.closed).toEqual({ code: 1008, reason: 'no pong' });
    await until(() => alive.pings.length > 10);
    expect(simulator.connections.violations.map(({ connection }) => connection)).toEqual([2]);
    const pongs = simulator.connections.received.filter(
      ({ kind, connection }) => kind === 'pong' && connection === 1,
    );
    expect(pongs.slice(0, 5).map(({ text }) => text)).toEqual(alive.pings.slice(0, 5));
  });

  it('ends a connection of age', async () => {
    await start({ connectionLifetimeMs: 30 });
    const client = await open('/ws');
    expect(await client.closed).toEqual({ code: 1001, reason: 'lifetime' });
  });

  it('refuses attempts to connect beyond the limit', async () => {
    await start({ maxConnectionAttempts: 2 });
    await open('/ws');
    await open('/ws');
    await expect(open('/ws')).rejects.toThrow('429');
  });
});

describe('time units', () => {
  const pathAndTime: [string, boolean, number][] = [
    ['/ws/btcusdt@trade', false, 13],
    ['/ws/btcusdt@trade?timeUnit=MICROSECOND', false, 16],
    ['/stream?streams=btcusdt@trade&timeUnit=microsecond', false, 16],
    ['/stream?streams=btcusdt@trade&timeUnit=MILLISECOND', false, 13],
    ['/ws/btcusdt@trade?timeUnit=MICROSECOND', true, 13],
  ];
  it.each(pathAndTime)('follows %s (always milliseconds: %s)', async (path, alwaysMilliseconds, digits) => {
    await start({ market: { paused: true }, alwaysMilliseconds });
    const client = await open(path);
    simulator.market.advance(1000);
    const message = await client.next();
    const { E, T } = (message['data'] ?? message) as { E: number; T: number };
    expect([String(E).length, String(T).length]).toEqual([digits, digits]);
  });
});

describe('ledger', () => {
  it('holds exactly what a client of every stream received', async () => {
    await start({ market: { paused: true }, symbols: ['BTCUSDT'] });
    const names = ['trade', 'aggTrade', 'bookTicker', 'depth20@100ms', 'depth@100ms', 'kline_1s'];
    const streams = names.map((name) => `btcusdt@${name}`);
    const client = await open(`/stream?streams=${streams.join('/')}`);
    simulator.market.advance(10_000);
    const received = await client.rest();
    for (const stream of streams) {
      const count = received.filter((message) => message['stream'] === stream).length;
      expect(count).toBeGreaterThan(5);
      expect(simulator.sent.of(stream).frames).toBe(count);
    }
    const trades = received.filter((message) => message['stream'] === 'btcusdt@trade');
    const ids = trades.map((message) => (message['data'] as { t: number }).t);
    expect(simulator.sent.of('btcusdt@trade')).toMatchObject({
      events: ids.length,
      firstId: ids[0],
      lastId: ids.at(-1),
    });
    expect(simulator.sent.leftAt('btcusdt@trade', ids[3] ?? NaN)).toBe(NOW);
    expect(simulator.sent.of('btcusdt@kline_1s').events).toBe(10);
    expect(simulator.sent.all()).toHaveLength(streams.length);
  });

  it('does not count what was made while nobody had subscribed, nor for each of two subscribers', async () => {
    await start({ market: { paused: true }, symbols: ['BTCUSDT'] });
    simulator.market.advance(5000);
    expect(simulator.sent.all()).toEqual([]);
    const clients = [await open('/ws/btcusdt@trade'), await open('/ws/btcusdt@trade')];
    simulator.market.advance(5000);
    const received = await Promise.all(clients.map((client) => client.rest()));
    expect(received[0]).toEqual(received[1]);
    expect(simulator.sent.of('btcusdt@trade').frames).toBe(received[0]?.length);
  });

  it('gives two simulators of the same seed the same bytes', async () => {
    const texts: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      await start({ market: { paused: true, seed: 7 } });
      const client = await open('/stream?streams=btcusdt@trade/ethusdt@depth5@100ms&timeUnit=MICROSECOND');
      simulator.market.step(500);
      await client.rest();
      texts.push(client.texts);
      await simulator.stop();
    }
    expect(texts[0]?.length).toBeGreaterThan(100);
    expect(texts[1]).toEqual(texts[0]);
  });
});

describe('a market in real time', () => {
  it('runs by itself at about its rate, and stands still when paused', async () => {
    simulator = await startBinanceSimulator({ symbols: ['BTCUSDT'], market: { eventsPerSecond: 2000 } });
    const client = await open('/ws/btcusdt@trade');
    await client.take(300);
    simulator.market.pause();
    await client.rest();
    const { firstId = 0, lastId = 0, events } = simulator.sent.of('btcusdt@trade');
    expect(lastId - firstId + 1).toBe(events);
    const lag = simulator.now() - simulator.market.time;
    expect(simulator.market.isRunning).toBe(false);
    expect(lag).toBeGreaterThanOrEqual(0);
    simulator.market.start();
    expect((await client.next())['t']).toBe(lastId + 1);
  });

  it('sends an event after its own event time, by the same clock', async () => {
    simulator = await startBinanceSimulator({ symbols: ['BTCUSDT'], market: { eventsPerSecond: 1000 } });
    const client = await open('/ws/btcusdt@trade?timeUnit=MICROSECOND');
    for (const { t, E } of (await client.take(100)) as { t: number; E: number }[])
      expect(simulator.sent.leftAt('btcusdt@trade', t)).toBeGreaterThanOrEqual(E);
  });
});

describe('stopping', () => {
  it('ends every connection and the server, and may be asked twice', async () => {
    await start({ market: {} });
    const client = await open('/ws/btcusdt@trade');
    const { wsUrl } = simulator;
    await simulator.stop();
    await simulator.stop();
    expect((await client.closed).code).toBe(1006);
    await expect(RawClient.open(`${wsUrl}/ws`)).rejects.toThrow('ECONNREFUSED');
  });

  it('says in one line that a port is in use', async () => {
    await start();
    const port = Number(new URL(simulator.wsUrl).port);
    await expect(startBinanceSimulator({ port })).rejects.toThrow(
      `port ${port} is in use: choose another one, or 0 for any free one`,
    );
  });
});
