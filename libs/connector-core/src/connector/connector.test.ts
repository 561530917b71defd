import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ParseError, RateLimitedError, RejectedError, TransportError } from '../errors.js';
import { FakeServer } from '../testing/fake-venue/server.js';
import { Stage } from '../testing/fake-venue/stage.js';
import { resolveFake } from '../testing/fake-venue/venue.js';
import { until } from '../testing/until.js';
import type { ResolvedSymbols } from '../venue.js';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(async () => {
  await stage.close();
});

/** How many sockets and timers keep the process alive. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout')
    .length;
}

describe('start', () => {
  it('resolves when the venue has agreed, not before', async () => {
    stage.server.isAnswering = false;
    const { connector, recorded } = stage.player();
    let isStarted = false;
    const starting = connector.start().then(() => (isStarted = true));
    await until(() => stage.server.clients[0]?.messages.length === 1, 'a subscription');
    expect(isStarted).toBe(false);
    expect(connector.snapshot()).toMatchObject({ isLive: false, streams: [{ state: 'pending' }] });
    stage.server.say('ack AAA.trade');
    await starting;
    expect(connector.snapshot()).toMatchObject({
      isLive: true,
      connections: 1,
      streams: [{ state: 'live' }],
    });
    expect(recorded.statuses.map(({ type }) => type)).toEqual(['connecting', 'live']);
  });

  it('hands every event of every stream to the callbacks, in order', async () => {
    const { recorded } = await stage.started({ streams: ['trade', 'book', 'quote', 'bar'] });
    for (const stream of ['trade', 'book', 'quote', 'bar']) stage.server.emit(`AAA.${stream}`, 3);
    await until(() => recorded.events.length === 12, 'twelve events');
    expect(recorded.events.map(({ type, stream }) => `${type} ${stream}`)).toEqual(
      ['tick trade', 'depth book', 'tick quote', 'bar bar'].flatMap((kind) => [kind, kind, kind]),
    );
    expect(recorded.ids.slice(0, 9)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });

  it('goes on with the good symbols when one is unknown, and says which', async () => {
    const { connector, recorded } = await stage.started({ symbols: ['AAA', 'NONE', 'BBB'] });
    expect(recorded.errors).toEqual([new RejectedError('FAKE', 'FAKE has no symbol NONE')]);
    expect(connector.snapshot().streams.map(({ symbol }) => symbol)).toEqual(['AAA/USD', 'BBB/USD']);
    expect(connector.snapshot().errors).toMatchObject({ rejected: 1 });
  });

  it('rejects when the venue has none of the symbols, and leaves nothing open', async () => {
    const before = handles();
    const { connector } = stage.player({ symbols: ['NONE', 'NO'] });
    await expect(connector.start()).rejects.toThrow('FAKE has no symbol NONE FAKE has no symbol NO');
    expect(handles()).toBeLessThanOrEqual(before);
  });

  it('rejects in one line when no symbols are named', async () => {
    await expect(stage.player({ symbols: [] }).connector.start()).rejects.toThrow(
      'no symbols: name at least one',
    );
  });

  it('resolves when the venue refuses one stream of several, and never asks for it again', async () => {
    stage.server.refused.add('BBB.trade');
    const { connector, recorded } = await stage.started({ symbols: ['AAA', 'BBB'] });
    expect(recorded.errors).toEqual([new RejectedError('FAKE', 'FAKE refused BBB.trade')]);
    expect(connector.snapshot()).toMatchObject({ isLive: true, errors: { rejected: 1 } });
    stage.server.cut();
    await until(() => recorded.said('live') === 2, 'live again');
    expect(stage.server.clients[0]?.messages).toEqual(['sub AAA.trade']);
  });

  it('rejects when the venue refuses every stream, and leaves nothing open', async () => {
    stage.server.refused.add('AAA.trade').add('BBB.trade');
    const before = handles();
    const { connector } = stage.player({ symbols: ['AAA', 'BBB'] });
    await expect(connector.start()).rejects.toEqual(
      new RejectedError('FAKE', 'FAKE refused AAA.trade FAKE refused BBB.trade'),
    );
    expect(connector.snapshot()).toMatchObject({ isLive: false, connections: 0 });
    await until(() => stage.server.clients.length === 0, 'the end of the connection');
    await until(() => handles() <= before, 'no handle left');
  });

  it('asks again for a stream that the venue does not answer, and disturbs its neighbours not', async () => {
    stage.server.unanswered.add('BBB.trade');
    const { connector, recorded } = stage.player({ symbols: ['AAA', 'BBB'], limits: { answerWithinMs: 20 } });
    const starting = connector.start();
    await until(() => recorded.errors.length > 1, 'errors');
    expect(recorded.errors[0]?.message).toBe(
      'the venue does not answer the subscription of BBB trade: asked again',
    );
    expect(recorded.errors[0]).toBeInstanceOf(TransportError);
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
    stage.server.unanswered.clear();
    await starting;
    expect(stage.server.accepted).toBe(1);
    expect(recorded.said('reconnecting')).toBe(0);
  });

  it('goes on trying while the venue cannot be reached, says so, and succeeds when it can', async () => {
    const { port } = stage.server;
    await stage.server.stop();
    const { connector, recorded } = stage.player({ url: `ws://127.0.0.1:${port}` });
    const starting = connector.start();
    await until(() => recorded.said('reconnecting') > 2, 'several tries');
    const tries = recorded.statuses.flatMap((status) => (status.type === 'reconnecting' ? [status] : []));
    expect(tries.slice(0, 3)).toEqual(
      [1, 2, 3].map((count) => ({
        type: 'reconnecting',
        reason: `connect ECONNREFUSED 127.0.0.1:${port}`,
        retryInMs: expect.any(Number),
        tries: count,
      })),
    );
    stage.server = await FakeServer.start(port);
    await starting;
    expect(connector.snapshot().isLive).toBe(true);
  });

  it('waits as long as a venue asks that has too many questions, and counts it', async () => {
    let questions = 0;
    const { connector, recorded } = stage.player({
      resolve: async (symbols, signal) => {
        if (questions++ === 0) throw new RateLimitedError('FAKE', 'slowly', 30);
        return resolveFake(symbols, signal);
      },
    });
    const askedAt = performance.now();
    await connector.start();
    expect(performance.now() - askedAt).toBeGreaterThan(25);
    expect(recorded.statuses[0]).toEqual({ type: 'reconnecting', reason: 'slowly', retryInMs: 30, tries: 1 });
    expect(connector.snapshot().errors).toMatchObject({ rate_limited: 1, transport: 0 });
  });

  it('passes on what the venue throws that is no error of a connector', async () => {
    const { connector } = stage.player({ resolve: () => Promise.reject(new Error('a bug')) });
    await expect(connector.start()).rejects.toThrow('a bug');
  });

  it('may be called twice, and resolves twice', async () => {
    const { connector } = stage.player();
    await Promise.all([connector.start(), connector.start()]);
    expect(connector.snapshot().streams).toHaveLength(1);
    expect(stage.server.clients[0]?.messages).toEqual(['sub AAA.trade']);
  });
});

describe('subscribe', () => {
  it('adds symbols while it runs, by either of their names, and resolves when the venue has agreed', async () => {
    const { connector, recorded } = await stage.started();
    await connector.subscribe(['BBB/USD']);
    stage.server.emit('BBB.trade');
    await until(() => recorded.events.length === 1, 'an event');
    expect(recorded.events[0]).toMatchObject({ symbol: 'BBB/USD', venueSymbol: 'BBB' });
    expect(stage.server.accepted).toBe(1);
  });

  it('asks for nothing that is subscribed already', async () => {
    const { connector } = await stage.started();
    await connector.subscribe(['AAA', 'AAA/USD']);
    expect(stage.server.clients[0]?.messages).toEqual(['sub AAA.trade']);
  });

  it('rejects for unknown symbols and leaves the rest running', async () => {
    const { connector, recorded } = await stage.started();
    await expect(connector.subscribe(['NONE'])).rejects.toBeInstanceOf(RejectedError);
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
  });

  it('asks anew for a symbol that the venue refused before', async () => {
    const { connector } = await stage.started();
    stage.server.refused.add('BBB.trade');
    await expect(connector.subscribe(['BBB'])).rejects.toThrow('FAKE refused BBB.trade');
    stage.server.refused.clear();
    await connector.subscribe(['BBB']);
    expect(connector.snapshot().streams.map(({ venueSymbol, state }) => [venueSymbol, state])).toEqual([
      ['AAA', 'live'],
      ['BBB', 'live'],
    ]);
  });

  it('adds symbols before the connection is open', async () => {
    const { connector } = stage.player();
    await Promise.all([connector.start(), connector.subscribe(['BBB'])]);
    expect(connector.snapshot()).toMatchObject({
      isLive: true,
      streams: [{ state: 'live' }, { state: 'live' }],
    });
  });

  it('opens as many connections as the streams need', async () => {
    const limits = { streamsPerConnection: 2 };
    const { connector, recorded } = await stage.started({
      symbols: ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'],
      limits,
    });
    expect(stage.server.clients.map(({ names }) => names.size)).toEqual([2, 2, 1]);
    expect(connector.snapshot()).toMatchObject({ isLive: true, connections: 3 });
    expect(recorded.said('live')).toBe(1);
    await connector.unsubscribe(['AAA']);
    await connector.subscribe(['FFF', 'GGG']);
    expect(stage.server.clients.map(({ names }) => [...names].join(' '))).toEqual([
      'BBB.trade FFF.trade',
      'CCC.trade DDD.trade',
      'EEE.trade GGG.trade',
    ]);
  });
});

describe('unsubscribe', () => {
  it('leaves symbols off, by either of their names in letters of any case', async () => {
    const { connector, recorded } = await stage.started({ symbols: ['AAA', 'BBB', 'CCC'] });
    await connector.unsubscribe(['aaa', 'Bbb/usd']);
    await until(() => stage.server.clients[0]?.messages.length === 2, 'the message');
    expect(stage.server.clients[0]?.messages[1]).toBe('unsub AAA.trade BBB.trade');
    for (const name of ['AAA.trade', 'BBB.trade', 'CCC.trade']) stage.server.emit(name);
    await until(() => recorded.events.length > 0, 'an event');
    expect(recorded.events.map(({ venueSymbol }) => venueSymbol)).toEqual(['CCC']);
  });

  it('closes a connection that carries nothing any more, and opens one when it is needed again', async () => {
    const before = handles();
    const { connector, recorded } = await stage.started();
    await connector.unsubscribe(['AAA']);
    await until(() => stage.server.clients.length === 0, 'the end of the connection');
    await until(() => handles() <= before, 'no handle left');
    expect(connector.snapshot()).toMatchObject({ isLive: false, connections: 0, streams: [] });
    await connector.subscribe(['AAA']);
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
    expect(connector.snapshot()).toMatchObject({ isLive: true, reconnects: 0 });
  });

  it('is no gap: what was missed until the next subscription was not wanted', async () => {
    const { connector, recorded } = await stage.started({ symbols: ['AAA', 'BBB'] });
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
    await connector.unsubscribe(['AAA']);
    stage.server.skip('AAA.trade', 10);
    await connector.subscribe(['AAA']);
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 2, 'another event');
    expect(recorded.ids).toEqual([1, 12]);
    expect(recorded.gaps).toEqual([]);
  });

  it('while the venue is away states the time away as a gap', async () => {
    const { connector, recorded } = await stage.started({ reconnectMinMs: 60_000, reconnectMaxMs: 60_000 });
    stage.server.cut();
    await until(() => recorded.said('reconnecting') === 1, 'the loss');
    await connector.unsubscribe(['AAA']);
    expect(recorded.gaps).toMatchObject([{ cause: 'DISCONNECT', symbol: 'AAA/USD' }]);
    await connector.stop();
    expect(recorded.gaps).toHaveLength(1);
  });

  it('ends what waits for the answer of the venue', async () => {
    stage.server.unanswered.add('BBB.trade');
    const { connector } = stage.player({ symbols: ['AAA', 'BBB'] });
    const starting = connector.start();
    await until(() => connector.snapshot().streams[0]?.state === 'live', 'the answer for the other');
    await connector.unsubscribe(['BBB']);
    await starting;
    expect(connector.snapshot().isLive).toBe(true);
  });

  it('before the connection is open means that the venue is never asked', async () => {
    const { connector, recorded } = stage.player({ symbols: ['AAA', 'BBB'] });
    connector.on('status', ({ type }) => {
      if (type === 'connecting') queueMicrotask(() => void connector.unsubscribe(['AAA']));
    });
    await connector.start();
    expect(stage.server.clients[0]?.messages).toEqual(['sub BBB.trade']);
    expect(recorded.errors).toEqual([]);
  });

  it('again and again does not let anything grow, and lets no total go down', async () => {
    const { connector, recorded } = await stage.started({ symbols: ['AAA', 'BBB'] });
    const batches = connector.batches();
    for (let round = 1; round <= 5; round++) {
      stage.server.emit('BBB.trade');
      await until(() => recorded.events.length === round, 'an event');
      await connector.unsubscribe(['BBB']);
      await connector.subscribe(['BBB']);
    }
    const batch = (await batches.next()).value;
    expect(batch).toMatchObject({ type: 'tick', sources: { length: 2 } });
    const { streams, left } = connector.snapshot();
    expect(streams.map(({ events }) => events)).toEqual([0, 0]);
    expect(left).toEqual([
      { stream: 'trade', assetClass: 'CRYPTO', events: 5, duplicates: 0, gaps: 0, healed: 0 },
    ]);
  });
});

describe('stop', () => {
  it('flushes what is buffered and leaves no handle open', async () => {
    const before = handles();
    const { connector, recorded } = await stage.started({ flushIntervalMs: 60_000 });
    const batches = connector.batches();
    stage.server.emit('AAA.trade', 3);
    await until(() => recorded.events.length === 3, 'three events');
    await connector.stop();
    await until(() => stage.server.clients.length === 0, 'the end of the connection');
    await until(() => handles() <= before, 'no handle left');
    expect((await batches.next()).value).toMatchObject({ type: 'tick', length: 3 });
    expect((await batches.next()).done).toBe(true);
    expect(recorded.said('stopped')).toBe(1);
    expect(connector.snapshot()).toMatchObject({ isLive: false, connections: 0 });
  });

  it('takes no frame any more', async () => {
    const { connector, recorded } = await stage.started();
    const stopping = connector.stop();
    stage.server.emit('AAA.trade', 3);
    await stopping;
    expect(recorded.events).toEqual([]);
  });

  it('resolves for everybody who asks when the last socket is gone, and stops once', async () => {
    const { connector, recorded } = await stage.started();
    stage.server.clients[0]?.socket.pause();
    const askedAt = performance.now();
    const order: string[] = [];
    const first = connector.stop().then(() => order.push('first'));
    const second = connector.stop().then(() => order.push('second'));
    expect(order).toEqual([]);
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    // The venue does not answer the goodbye, for which it has a second.
    expect(performance.now() - askedAt).toBeGreaterThan(900);
    expect(recorded.said('stopped')).toBe(1);
  });

  it('ends a connection to a venue that does not answer the goodbye', async () => {
    const before = handles();
    const { connector } = await stage.started();
    stage.server.clients[0]?.socket.pause();
    await connector.stop();
    stage.server.cut();
    await until(() => handles() <= before, 'no handle left');
  });

  it('makes a start that is under way reject, whatever it is waiting for', async () => {
    let answer = (): void => undefined;
    const resolve = (symbols: readonly string[]): Promise<ResolvedSymbols> =>
      new Promise((done) => (answer = () => done(resolveAnyway(symbols))));
    const asking = stage.player({ resolve });
    const failing = stage.player({ resolve: () => Promise.reject(new TransportError('FAKE', 'no network')) });
    const unanswered = stage.player();
    stage.server.isAnswering = false;
    const players = [asking, failing, unanswered];
    const starts = Promise.allSettled(players.map(({ connector }) => connector.start()));
    await until(() => stage.server.clients.length > 0 && failing.recorded.said('reconnecting') > 0, 'all');
    for (const { connector } of players) await connector.stop();
    answer();
    const reason = new TransportError('FAKE', 'stopped before the venue was reached');
    expect(await starts).toEqual(players.map(() => ({ status: 'rejected', reason })));
    expect(stage.server.accepted).toBe(1);
    await expect(unanswered.connector.start()).rejects.toEqual(reason);
    await expect(unanswered.connector.subscribe(['BBB'])).rejects.toEqual(reason);
  });

  it.each(['connecting', 'live', 'reconnecting', 'rollover', 'stopped'] as const)(
    'may be called by a callback that is told "%s", and leaves nothing open',
    async (type) => {
      const before = handles();
      const { connector, recorded } = stage.player({
        symbols: ['AAA', 'BBB'],
        limits: { streamsPerConnection: 1 },
      });
      const stopped = new Promise<void>((resolve) => {
        connector.on('status', (status) => {
          if (status.type === type) resolve(connector.stop());
        });
      });
      const starting = connector.start().catch(() => undefined);
      if (type === 'rollover' || type === 'reconnecting' || type === 'stopped') await starting;
      if (type === 'rollover') stage.server.say('bye');
      if (type === 'reconnecting') stage.server.cut();
      if (type === 'stopped') void connector.stop();
      await stopped;
      await until(() => stage.server.clients.length === 0 && handles() <= before, 'no handle left');
      expect(recorded.said('stopped')).toBe(1);
    },
  );

  it('while the venue is away states the time away as a gap, for the batches too', async () => {
    const { connector, recorded } = await stage.started({ reconnectMinMs: 60_000, reconnectMaxMs: 60_000 });
    const batches = connector.batches();
    stage.server.cut();
    await until(() => recorded.said('reconnecting') === 1, 'the loss');
    await connector.stop();
    expect(recorded.gaps).toEqual([expect.objectContaining({ cause: 'DISCONNECT', symbol: 'AAA/USD' })]);
    expect((await batches.next()).value).toEqual({ type: 'gap', length: 1, rows: recorded.gaps });
  });

  it('states no gap where none is', async () => {
    const { connector, recorded } = await stage.started({ streams: ['trade', 'bar'] });
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
    await connector.stop();
    expect(recorded.gaps).toEqual([]);
  });

  it('before the start is no error, and batches end at once', async () => {
    const { connector } = stage.player();
    await connector.stop();
    expect(await connector.batches().next()).toEqual({ done: true, value: undefined });
  });
});

describe('a snapshot', () => {
  it('does not change any more', async () => {
    const { connector, recorded } = await stage.started();
    const before = connector.snapshot();
    const text = JSON.stringify(before);
    stage.server.emit('AAA.trade', 3);
    await until(() => recorded.events.length === 3, 'three events');
    expect(JSON.stringify(before)).toBe(text);
    expect(connector.snapshot().streams[0]?.events).toBe(3);
  });
});

describe('callbacks', () => {
  it('that throw, or reject, are counted and disturb neither the stream nor their neighbours', async () => {
    const rejecting = (): unknown => Promise.reject(new Error('a bug of the user'));
    const { connector, recorded } = stage.player({ onQuarantine: () => fail() });
    connector
      .on('tick', () => fail())
      .on('tick', rejecting)
      .on('error', () => fail())
      .on('status', () => fail());
    const ticks: number[] = [];
    connector.on('tick', ({ price }) => ticks.push(price));
    await connector.start();
    stage.server.emit('AAA.trade', 2);
    stage.server.say('nonsense');
    stage.server.emit('AAA.trade');
    await until(() => ticks.length === 3, 'three ticks');
    expect(recorded.events).toHaveLength(3);
    // Two statuses, three ticks twice, one error and one frame in quarantine.
    await until(() => connector.snapshot().callbackErrors === 2 + 6 + 2, 'all of them counted');
  });

  it('that are taken off are not called any more', async () => {
    const { connector, recorded } = stage.player();
    let calls = 0;
    const count = (): void => {
      calls++;
    };
    connector.on('tick', count).off('tick', count);
    await connector.start();
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
    expect(calls).toBe(0);
  });
});

describe('bad frames', () => {
  it('go to quarantine with their bytes and the reason, and the stream goes on', async () => {
    const seen: [string, string][] = [];
    const onQuarantine = (reason: string, frame: Uint8Array): void => void seen.push([reason, String(frame)]);
    const { connector, recorded } = await stage.started({ onQuarantine });
    const batches = connector.batches();
    const frames = [
      Buffer.from('nonsense'),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.alloc(0),
      Buffer.from('crash'),
    ];
    for (const frame of frames) stage.server.say(frame);
    stage.server.emit('AAA.trade');
    await until(() => recorded.events.length === 1, 'an event');
    const bad = 'not a frame of this venue';
    const reasons = [bad, bad, bad, 'internal error: a bug in the session'];
    expect(seen).toEqual(frames.map((frame, i) => [reasons[i], String(frame)]));
    expect(recorded.errors).toEqual(
      frames.map((frame, i) => new ParseError('FAKE', reasons[i] ?? '', Uint8Array.from(frame))),
    );
    expect(connector.snapshot()).toMatchObject({ quarantined: 4, errors: { parse: 4 } });
    const stored = [];
    await connector.stop();
    for await (const batch of batches) if (batch.type === 'quarantine') stored.push(...batch.rows);
    expect(stored).toEqual(
      frames.map((frame, i) => ({
        venue: 'FAKE',
        receivedAt: expect.any(Number),
        reason: reasons[i],
        frame: Uint8Array.from(frame),
      })),
    );
    expect(stage.server.accepted).toBe(1);
  });
});

function fail(): never {
  throw new Error('a bug of the user');
}

/** As a venue that does not look at the signal. */
function resolveAnyway(symbols: readonly string[]): Promise<ResolvedSymbols> {
  return resolveFake(symbols, new AbortController().signal);
}
