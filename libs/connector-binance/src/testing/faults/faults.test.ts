import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RawClient, until } from '../raw-client.js';
import type { BinanceSimulator } from '../simulator.js';
import { startBinanceSimulator } from '../start-simulator.js';

/** A busy machine is no failure. */
jest.setTimeout(30_000);

const NOW = 1_795_361_400_123_456;
const TRADES = 'btcusdt@trade';

let simulator: BinanceSimulator;
const open = (path = `/ws/${TRADES}`): Promise<RawClient> => RawClient.open(simulator.wsUrl + path);
const subscribe = (client: RawClient, id = 1) => client.send({ method: 'SUBSCRIBE', params: [TRADES], id });

beforeEach(async () => {
  const clock = { now: () => NOW };
  simulator = await startBinanceSimulator({ market: { paused: true }, clock, maxMessagesPerSecond: 1000 });
});
afterEach(() => simulator.stop());

function sendTrades(...ids: readonly number[]): void {
  for (const t of ids) simulator.send(TRADES, { t });
}

async function received(client: RawClient): Promise<unknown[]> {
  return (await client.rest()).map((message) => message['t']);
}

describe('faults of the data', () => {
  it('is silent on one stream while another goes on, and does not count what it did not send', async () => {
    const client = await open(`/ws/${TRADES}/ethusdt@trade`);
    simulator.faults.silence(true, TRADES);
    sendTrades(1, 2);
    simulator.send('ethusdt@trade', { t: 70 });
    simulator.faults.silence(false, TRADES);
    sendTrades(3);
    expect(await received(client)).toEqual([70, 3]);
    expect(simulator.sent.of(TRADES)).toMatchObject({ events: 1, firstId: 3 });
  });

  it('is silent on all streams, and still answers', async () => {
    const client = await open();
    simulator.faults.silence(true);
    sendTrades(1);
    expect(await received(client)).toEqual([]);
    simulator.faults.silence(false);
    sendTrades(2);
    expect(await received(client)).toEqual([2]);
  });

  it('skips ids of a generated stream, keeps them for the ledger and for REST', async () => {
    const client = await open();
    simulator.market.advance(2000);
    simulator.faults.skipIds(TRADES, 3);
    simulator.market.advance(2000);
    const ids = (await received(client)) as number[];
    const skipped = simulator.sent.skipped(TRADES);
    expect(skipped).toHaveLength(3);
    const jumps = ids.filter((id, index) => index > 0 && id !== (ids[index - 1] ?? NaN) + 1);
    expect(jumps).toEqual([(skipped[2] ?? NaN) + 1]);
    const url = `${simulator.restUrl}/api/v3/historicalTrades?symbol=BTCUSDT&limit=3&fromId=${skipped[0] ?? ''}`;
    const rows = (await (await fetch(url)).json()) as { id: number }[];
    expect(rows.map(({ id }) => id)).toEqual(skipped);
  });

  it('skips a diff, so that U jumps', async () => {
    const client = await open('/ws/btcusdt@depth@100ms');
    simulator.market.advance(1000);
    simulator.faults.skipIds('btcusdt@depth@100ms', 1);
    simulator.market.advance(1000);
    const diffs = (await client.rest()) as { U: number; u: number }[];
    const jumps = diffs.filter(({ U }, index) => index > 0 && U !== (diffs[index - 1]?.u ?? NaN) + 1);
    expect(jumps).toHaveLength(1);
    expect(simulator.sent.skipped('btcusdt@depth@100ms')).toEqual([(jumps[0]?.U ?? NaN) - 1]);
  });

  it('sends events twice, and counts them once', async () => {
    const client = await open();
    simulator.faults.duplicateNext(2);
    sendTrades(1, 2, 3);
    expect(await received(client)).toEqual([1, 1, 2, 2, 3]);
    expect(simulator.sent.of(TRADES)).toMatchObject({ events: 3, frames: 5 });
  });

  it('sends an event after its successor on the stream', async () => {
    const client = await open(`/ws/${TRADES}/ethusdt@trade`);
    simulator.faults.reorderNext();
    sendTrades(1);
    simulator.send('ethusdt@trade', { t: 70 });
    sendTrades(2, 3);
    expect(await received(client)).toEqual([70, 2, 1, 3]);
    expect(simulator.sent.of(TRADES)).toMatchObject({ events: 3, frames: 3, firstId: 1, lastId: 3 });
  });
});

describe('faults of the connection', () => {
  it('cuts without a close frame', async () => {
    const client = await open();
    simulator.faults.cut();
    expect(await client.closed).toEqual({ code: 1006, reason: '' });
    await until(() => simulator.connections.open === 0);
    sendTrades(1);
    expect(simulator.sent.of(TRADES).events).toBe(0);
  });

  it('closes with a code', async () => {
    const client = await open();
    simulator.faults.close(1012, 'restart');
    expect(await client.closed).toEqual({ code: 1012, reason: 'restart' });
  });

  it('leaves a connection half-open: nothing sent, nothing read, and a new one healthy', async () => {
    const client = await open();
    simulator.faults.halfOpen(true);
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    sendTrades(1);
    const healthy = await open();
    sendTrades(2);
    expect(await received(healthy)).toEqual([2]);
    expect(client.texts).toEqual([]);
    expect(simulator.connections.received.filter(({ connection }) => connection === 1)).toEqual([]);
    simulator.faults.halfOpen(false);
    expect(await client.next()).toEqual({ result: [TRADES], id: 1 });
  });

  it('does not close a half-open connection for its silence', async () => {
    await simulator.stop();
    simulator = await startBinanceSimulator({ market: false, pingIntervalMs: 20, pongTimeoutMs: 600 });
    const frozen = await open('/ws');
    simulator.faults.halfOpen(true);
    const mute = await RawClient.open(`${simulator.wsUrl}/ws`, { autoPong: false });
    await mute.closed;
    expect(simulator.connections.violations.map(({ connection }) => connection)).toEqual([2]);
    expect(frozen.socket.readyState).toBe(frozen.socket.OPEN);
  });

  it('announces a shutdown bare and wrapped, goes on for a while, then closes', async () => {
    const [bare, wrapped] = [await open(), await open(`/stream?streams=${TRADES}&timeUnit=MICROSECOND`)];
    simulator.faults.serverShutdown(30);
    sendTrades(1);
    expect(await bare.take(2)).toEqual([{ e: 'serverShutdown', E: 1_795_361_400_123 }, { t: 1 }]);
    expect(await wrapped.next()).toEqual({
      stream: '!serverShutdown',
      data: { e: 'serverShutdown', E: NOW },
    });
    const successor = await open();
    expect((await bare.closed).code).toBe(1001);
    expect((await wrapped.closed).code).toBe(1001);
    sendTrades(2);
    expect(await received(successor)).toEqual([2]);
  });

  it('sends frames of every size in pieces, and the client reads them all the same', async () => {
    simulator.faults.splitFrames(true);
    const client = await open();
    const chunks: number[] = [];
    const sizes = [0, 100, 125, 126, 2000, 70_000];
    for (const [t, size] of sizes.entries()) simulator.send(TRADES, { t, filler: 'x'.repeat(size) });
    // What the operating system hands over at once, seen below the WebSocket.
    (client.socket as unknown as { _socket: NodeJS.EventEmitter })._socket.on('data', (chunk: Buffer) =>
      chunks.push(chunk.length),
    );
    const messages = await client.take(sizes.length);
    expect(messages.map(({ filler }) => (filler as string).length)).toEqual(sizes);
    expect(chunks.length).toBeGreaterThan(100);
    client.socket.close();
    expect((await client.closed).code).toBe(1005);
  });

  it('refuses connections, then takes them on the same port', async () => {
    const client = await open();
    await simulator.faults.refuseConnections(true);
    await expect(open()).rejects.toThrow('ECONNREFUSED');
    await expect(fetch(`${simulator.restUrl}/api/v3/ping`)).rejects.toThrow();
    sendTrades(1);
    expect(await received(client)).toEqual([1]);
    await simulator.faults.refuseConnections(false);
    const late = await open();
    sendTrades(2);
    expect(await received(late)).toEqual([2]);
  });

  it('answers handshakes with a status', async () => {
    simulator.faults.rejectHandshake(503, 2);
    await expect(open()).rejects.toThrow('503');
    await expect(open()).rejects.toThrow('503');
    expect((await open()).texts).toEqual([]);
  });

  it('sends any bytes to every connection', async () => {
    const client = await open();
    simulator.sendRaw('{"torn":');
    simulator.sendRaw(Buffer.from('[1]'), { as: 'text' });
    simulator.sendRaw('x'.repeat(10_000_000));
    await simulator.flushed();
    await until(() => client.texts.length === 3);
    expect(client.texts.map((text) => text.length)).toEqual([8, 3, 10_000_000]);
    simulator.sendRaw(Buffer.from([0xff, 0xff, 0xff]), { as: 'tcp' });
    expect((await client.closed).code).toBe(1006);
  });
});

describe('faults of the answers', () => {
  it('acknowledges late, with data before the ack', async () => {
    const client = await open('/ws');
    simulator.faults.delayAcks(20);
    subscribe(client);
    await simulator.subscribed(TRADES);
    sendTrades(1);
    expect(await client.take(2)).toEqual([{ t: 1 }, { result: null, id: 1 }]);
  });

  it('never answers, and does nothing', async () => {
    const client = await open('/ws');
    simulator.faults.neverAck(true);
    subscribe(client);
    await until(() => simulator.connections.received.length === 1);
    simulator.faults.neverAck(false);
    sendTrades(1);
    expect(await client.rest()).toEqual([]);
  });

  it('fails the next SUBSCRIBE with an error that carries the id', async () => {
    const client = await open('/ws');
    simulator.faults.errorNextSubscribe({ code: 2, msg: 'Invalid request: no' });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 6 })).toEqual({ result: [], id: 6 });
    subscribe(client, 7);
    subscribe(client, 8);
    expect(await client.take(2)).toEqual([
      { code: 2, msg: 'Invalid request: no', id: 7 },
      { result: null, id: 8 },
    ]);
  });
});
