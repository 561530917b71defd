import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RawClient, until } from '../raw-client.js';
import type { BinanceSimulator } from '../simulator.js';
import { startBinanceSimulator } from '../start-simulator.js';
import type { RecordedFrame } from './recorded-frame.js';
import { ReplayClock } from './replay-clock.js';

/** A busy machine is no failure. */
jest.setTimeout(30_000);

const TRADES = 'btcusdt@trade';
const START = 1_723_161_253_937_085;

let simulator: BinanceSimulator;
beforeEach(async () => {
  simulator = await startBinanceSimulator({ market: false, maxMessagesPerSecond: 1000 });
});
afterEach(() => simulator.stop());

function tradeFrame(t: number, receivedAt = START + t): RecordedFrame {
  const data = `{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":${t},"p":"1.50","q":"0.020","T":1723161255342,"m":true}`;
  return { receivedAt, stream: TRADES, text: `{"stream":"${TRADES}","data":${data}}` };
}

function tradeFrames(count: number, stepMicros = 1): RecordedFrame[] {
  return Array.from({ length: count }, (_, t) => tradeFrame(t, START + t * stepMicros));
}

async function open(path = `/stream?streams=${TRADES}`): Promise<RawClient> {
  return RawClient.open(simulator.wsUrl + path);
}

describe('play', () => {
  it('sends what was recorded byte by byte, wrapped and bare, whatever unit the client asked for', async () => {
    const frames = tradeFrames(3);
    const wrapped = await open(`/stream?streams=${TRADES}&timeUnit=MICROSECOND`);
    const bare = await open(`/ws/${TRADES}`);
    expect(await simulator.play({ frames })).toEqual({ messages: 3, snapshots: 0 });
    await Promise.all([wrapped.rest(), bare.rest()]);
    const texts = frames.map(({ text }) => text);
    expect(wrapped.texts.slice(0, 3)).toEqual(texts);
    expect(bare.texts.slice(0, 3)).toEqual(texts.map((text) => text.slice(text.indexOf('{"e"'), -1)));
  });

  it('sends 20,000 frames in order through a socket that is slow, none lost', async () => {
    const frames = Array.from({ length: 20_000 }, (_, t) => tradeFrame(t));
    const client = await open();
    client.socket.pause();
    let isPlayed = false;
    const playing = simulator.play({ frames }).then(() => (isPlayed = true));
    await until(() => simulator.sent.of(TRADES).events > 5000);
    client.socket.resume();
    await playing;
    await client.rest();
    expect(isPlayed).toBe(true);
    expect(client.texts.slice(0, -1)).toEqual(frames.map(({ text }) => text));
    expect(simulator.sent.of(TRADES)).toEqual({
      stream: TRADES,
      events: 20_000,
      frames: 20_000,
      firstId: 0,
      lastId: 19_999,
    });
  });

  it('waits for a client that does not read, rather than keep everything in memory', async () => {
    const client = await open();
    client.socket.pause();
    let read = 0;
    function* endless(): Generator<RecordedFrame> {
      for (;;) yield tradeFrame((read += 1));
    }
    const stop = new AbortController();
    const playing = simulator.play({ frames: endless(), signal: stop.signal });
    let before = -1;
    for (let stalls = 0; stalls < 50; stalls = read === before ? stalls + 1 : 0) {
      before = read;
      await new Promise(setImmediate);
    }
    const stalledAt = read;
    expect(stalledAt).toBeLessThan(500_000);
    client.socket.resume();
    await until(() => read > stalledAt);
    stop.abort();
    await playing;
  });

  it('does not count what nobody had subscribed to', async () => {
    const result = await simulator.play({ frames: tradeFrames(10) });
    expect(result.messages).toBe(10);
    expect(simulator.sent.all()).toEqual([]);
  });

  it('plays a source that comes piece by piece', async () => {
    async function* pieces(): AsyncGenerator<RecordedFrame> {
      for (const frame of tradeFrames(1000)) {
        if (frame.receivedAt % 100 === 0) await new Promise(setImmediate);
        yield frame;
      }
    }
    const client = await open();
    await simulator.play({ frames: pieces() });
    expect(await client.rest()).toHaveLength(1000);
  });

  it('fails when its source does', async () => {
    async function* failing(): AsyncGenerator<RecordedFrame> {
      yield tradeFrame(1);
      throw new Error('file.txt:2: not JSON');
    }
    await expect(simulator.play({ frames: failing() })).rejects.toThrow('file.txt:2: not JSON');
  });

  it('keeps the recorded pace, or an even one', async () => {
    await open();
    const timed = async (options: object): Promise<number> => {
      const begin = performance.now();
      await simulator.play({ frames: tradeFrames(5, 20_000), ...options });
      return performance.now() - begin;
    };
    expect(await timed({ speed: 1 })).toBeGreaterThanOrEqual(75);
    expect(await timed({ speed: 4 })).toBeGreaterThanOrEqual(18);
    expect(await timed({ messagesPerSecond: 100 })).toBeGreaterThanOrEqual(38);
    await expect(timed({ speed: 0 })).rejects.toThrow("a speed must be above 0 or 'max', not 0");
  });

  it('ends early when it is told to, and when the simulator stops', async () => {
    await open();
    const stop = new AbortController();
    const playing = simulator.play({ frames: tradeFrames(3, 60_000_000), speed: 1, signal: stop.signal });
    await until(() => simulator.sent.of(TRADES).events === 1);
    stop.abort();
    expect(await playing).toEqual({ messages: 1, snapshots: 0 });
    const again = simulator.play({ frames: tradeFrames(3, 60_000_000), speed: 1 });
    await until(() => simulator.sent.of(TRADES).frames === 2);
    await simulator.stop();
    expect(await again).toEqual({ messages: 1, snapshots: 0 });
  });

  it('withholds, repeats and reorders recorded frames like any others, and REST has them all', async () => {
    const client = await open(`/ws/${TRADES}`);
    simulator.faults.skipIds(TRADES, 2);
    simulator.faults.duplicateNext(1);
    await simulator.play({ frames: tradeFrames(5) });
    expect((await client.rest()).map(({ t }) => t)).toEqual([2, 2, 3, 4]);
    expect(simulator.sent.skipped(TRADES)).toEqual([0, 1]);
    const response = await fetch(
      `${simulator.restUrl}/api/v3/historicalTrades?symbol=BTCUSDT&fromId=0&limit=2`,
    );
    expect(((await response.json()) as { id: number }[]).map(({ id }) => id)).toEqual([0, 1]);
  });
});

describe('books of a recording', () => {
  const book = {
    lastUpdateId: 50,
    bids: [
      ['2.00', '1.0'],
      ['1.00', '1.0'],
    ],
    asks: [],
  };
  const snapshot = {
    receivedAt: START + 1,
    stream: undefined,
    snapshotOf: 'BTCUSDT',
    text: JSON.stringify(book),
  };
  const fetchBook = async (): Promise<unknown> =>
    (await fetch(`${simulator.restUrl}/api/v3/depth?symbol=BTCUSDT&limit=1`)).json();

  it('lets a request wait until the book has come by, then serves it as deep as asked', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    async function* frames(): AsyncGenerator<RecordedFrame> {
      yield tradeFrame(0);
      await held;
      yield snapshot;
    }
    const playing = simulator.play({ frames: frames() });
    const asked = fetchBook();
    await fetch(`${simulator.restUrl}/api/v3/ping`);
    goOn();
    expect(await asked).toEqual({ ...book, bids: [['2.00', '1.0']] });
    expect(await playing).toEqual({ messages: 1, snapshots: 1 });
    expect(await fetchBook()).toEqual({ ...book, bids: [['2.00', '1.0']] });
  });

  it('answers with no book when the recording held none', async () => {
    const playing = simulator.play({ frames: tradeFrames(2, 30_000), speed: 1 });
    const asked = fetchBook();
    await playing;
    expect(await asked).toEqual({ lastUpdateId: -1, bids: [], asks: [] });
  });
});

describe('the clock of a replay', () => {
  it('stamps each message of a connection with its recorded time, control replies among them', async () => {
    const clock = new ReplayClock(START);
    simulator.onFrame((receivedAt) => clock.push(receivedAt));
    const client = await open('/stream');
    const stamps: [unknown, number][] = [];
    client.socket.on('message', (data) => {
      const { result, data: trade } = JSON.parse((data as Buffer).toString()) as {
        result?: null;
        data?: { t: number };
      };
      stamps.push([result === undefined ? trade?.t : 'answer', clock.stampFrame()]);
    });
    await client.ask({ method: 'SUBSCRIBE', params: [TRADES], id: 1 });
    const playing = simulator.play({ frames: tradeFrames(3, 30_000), speed: 1 });
    await client.take(2);
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    await playing;
    await client.rest();
    const trades = stamps.filter(([what]) => what !== 'answer');
    expect(trades).toEqual([0, 1, 2].map((t) => [t, START + t * 30_000]));
    expect(stamps[0]).toEqual(['answer', START]);
    expect(stamps.slice(1, -1).filter(([what]) => what === 'answer')).toHaveLength(1);
    expect(stamps.every(([, time], index) => index === 0 || time >= (stamps[index - 1]?.[1] ?? NaN))).toBe(
      true,
    );
    expect(clock.pending).toBe(0);
  });

  it('tells a listener of this recording alone, with the number of the connection', async () => {
    const [first, second] = [await open(), await open()];
    const heard: unknown[] = [];
    await simulator.play({
      frames: tradeFrames(2),
      onFrame: (receivedAt, connection) => heard.push([receivedAt, connection]),
    });
    await Promise.all([first.rest(), second.rest()]);
    expect(heard).toEqual([
      [START, 1],
      [START, 2],
      [START + 1, 1],
      [START + 1, 2],
    ]);
  });
});
