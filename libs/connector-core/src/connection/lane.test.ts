import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SlowLink } from '../testing/fake-venue/slow-link.js';
import { type Player, type PlayerOptions, Stage } from '../testing/fake-venue/stage.js';
import { until } from '../testing/until.js';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(async () => {
  await stage.close();
});

/** Ids from one to another, both inclusive. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function hasIds(stream: string): boolean {
  return stream !== 'bar' && stream !== 'price';
}

async function seen(player: Player, events: number): Promise<void> {
  await until(() => player.recorded.events.length >= events, `${events} events`);
}

describe('a connection that is cut', () => {
  it('is made again, and what was missed meanwhile is a gap, to the id', async () => {
    const player = await stage.started();
    stage.server.emit('AAA.trade', 3);
    await seen(player, 3);
    stage.server.cut();
    stage.server.skip('AAA.trade', 2);
    await until(() => player.recorded.said('live') === 2, 'live again');
    expect(player.recorded.gaps).toEqual([]);
    stage.server.emit('AAA.trade', 2);
    await seen(player, 5);
    expect(player.recorded.ids).toEqual([1, 2, 3, 6, 7]);
    const [before, after] = [player.recorded.events[2], player.recorded.events[3]];
    expect(player.recorded.gaps).toEqual([
      expect.objectContaining({
        ...{ fromSequence: 4, toSequence: 5, cause: 'DISCONNECT' },
        ...{ fromTime: before?.timestamp, toTime: after?.timestamp, receivedAt: after?.receivedAt },
      }),
    ]);
    expect(player.connector.snapshot()).toMatchObject({
      reconnects: 1,
      errors: { transport: 1, sequence_gap: 1 },
    });
  });

  it('leaves no gap when nothing happened meanwhile', async () => {
    const player = await stage.started();
    stage.server.emit('AAA.trade');
    await seen(player, 1);
    stage.server.cut();
    await until(() => player.recorded.said('live') === 2, 'live again');
    stage.server.emit('AAA.trade');
    await seen(player, 2);
    await player.connector.stop();
    expect(player.recorded.gaps).toEqual([]);
  });

  it.each(['quote', 'bar'] as const)(
    'is a gap by the time away for a stream whose ids do not tell: %s',
    async (stream) => {
      const player = await stage.started({ streams: [stream] });
      stage.server.emit(`AAA.${stream}`);
      await seen(player, 1);
      stage.server.cut();
      await until(() => player.recorded.said('live') === 2, 'live again');
      const [gap] = player.recorded.gaps;
      expect(gap).toMatchObject({ stream, cause: 'DISCONNECT' });
      expect(gap).not.toHaveProperty('fromSequence');
      expect(gap?.fromTime).toBe(player.recorded.events[0]?.receivedAt);
      expect(gap?.toTime).toBeGreaterThan(gap?.fromTime ?? Infinity);
    },
  );

  it('is tried again after waits that double and are jittered, and begin anew with the first answer', async () => {
    const options: PlayerOptions = { reconnectMinMs: 4, reconnectMaxMs: 40, random: () => 1 };
    const player = await stage.started(options);
    stage.server.isAnswering = false;
    stage.server.cut();
    for (let tries = 2; tries <= 5; tries++) {
      await until(() => stage.server.clients.length === 1, 'a connection');
      stage.server.cut();
      await until(() => player.recorded.said('reconnecting') === tries, 'the loss');
    }
    stage.server.isAnswering = true;
    await until(() => player.recorded.said('live') === 2, 'live again');
    stage.server.cut();
    await until(() => player.recorded.said('reconnecting') === 6, 'the loss');
    const waits = player.recorded.statuses.flatMap((one) =>
      one.type === 'reconnecting' ? [one.retryInMs] : [],
    );
    expect(waits).toEqual([8, 16, 32, 40, 40, 8]);
  });

  it('says why, in the words of the venue if it has any', async () => {
    const player = await stage.started();
    stage.server.clients[0]?.socket.close(1008, 'too many messages');
    await until(() => player.recorded.said('reconnecting') === 1, 'the loss');
    const reason = 'closed by the venue (1008: too many messages)';
    expect(player.recorded.statuses.at(-1)).toMatchObject({ type: 'reconnecting', reason });
  });

  it('because the session gave it up is made again too', async () => {
    const player = await stage.started();
    stage.server.say('fail');
    await until(() => player.recorded.said('live') === 2, 'live again');
    expect(player.recorded.statuses).toContainEqual(
      expect.objectContaining({ type: 'reconnecting', reason: 'the venue said fail' }),
    );
  });

  it('takes no other lane with it', async () => {
    const player = await stage.started({ symbols: ['AAA', 'BBB'], limits: { streamsPerConnection: 1 } });
    stage.server.clients[0]?.socket.terminate();
    await until(() => player.recorded.said('reconnecting') === 1, 'the loss');
    expect(player.connector.snapshot()).toMatchObject({
      ...{ isLive: false, connections: 1 },
      streams: [{ state: 'lost' }, { state: 'live' }],
    });
    await until(() => player.connector.snapshot().isLive, 'live again');
    expect(stage.server.accepted).toBe(3);
  });

  it('is asked for what was subscribed while it was away', async () => {
    const player = await stage.started({ reconnectMinMs: 20 });
    stage.server.cut();
    await until(() => player.recorded.said('reconnecting') === 1, 'the loss');
    await player.connector.subscribe(['BBB']);
    expect(stage.server.clients.map(({ messages }) => messages)).toEqual([['sub AAA.trade BBB.trade']]);
    const startedAt = performance.now();
    await until(() => performance.now() - startedAt > 50, 'more than the wait');
    expect(stage.server.accepted).toBe(2);
  });

  it('twice, and silent between, was away since the first time', async () => {
    const player = await stage.started();
    stage.server.cut();
    const cutBy = Date.now() * 1000 + 5_000;
    await until(() => player.recorded.said('live') === 2, 'live again');
    const startedAt = performance.now();
    await until(() => performance.now() - startedAt > 30, 'some time');
    stage.server.cut();
    await until(() => player.recorded.said('live') === 3, 'live once more');
    await player.connector.stop();
    expect(player.recorded.gaps).toHaveLength(1);
    expect(player.recorded.gaps[0]?.fromTime).toBeLessThan(cutBy);
  });
});

describe('a connection that is silent', () => {
  it('is given up when neither a frame nor a ping came for too long', async () => {
    const player = await stage.started({ limits: { silenceMs: 40 } });
    await until(() => player.recorded.said('live') === 2, 'live again');
    expect(player.recorded.statuses[2]).toMatchObject({
      reason: expect.stringMatching(/^no sign of life for \d+\.\d s$/),
    });
  });

  it('is kept as long as it pings', async () => {
    const player = await stage.started({ limits: { silenceMs: 60 } });
    const [client] = stage.server.clients;
    const pinging = setInterval(() => client?.socket.ping(), 5);
    const startedAt = performance.now();
    await until(() => performance.now() - startedAt > 200, 'some time');
    clearInterval(pinging);
    expect(player.recorded.said('reconnecting')).toBe(0);
  });

  it('and never answers a subscription is given up', async () => {
    stage.server.isAnswering = false;
    const player = stage.player({ limits: { answerWithinMs: 20 } });
    const starting = player.connector.start();
    await until(() => player.recorded.said('reconnecting') === 2, 'two tries');
    expect(player.recorded.statuses[1]).toMatchObject({
      reason: 'the venue did not acknowledge the subscription',
    });
    stage.server.isAnswering = true;
    await starting;
  });

  it('and is cut then leaves no timer', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    stage.server.isAnswering = false;
    const player = stage.player({ limits: { messagesPerSecond: 1 } });
    const starting = Promise.allSettled([player.connector.start(), player.connector.subscribe(['BBB'])]);
    await until(() => stage.server.clients[0]?.messages.length === 1, 'a question');
    stage.server.cut();
    await until(() => player.recorded.said('reconnecting') === 1, 'the loss');
    await player.connector.stop();
    await starting;
    await until(() => timers() <= before, 'no timer left');
  });

  it('has all the time it takes to send what the venue lets us send', async () => {
    const limits = { answerWithinMs: 300, messagesPerSecond: 1 };
    const player = await stage.started({ limits });
    await player.connector.subscribe(['BBB']);
    expect(player.recorded.errors).toEqual([]);
    expect(player.recorded.said('reconnecting')).toBe(0);
  });
});

describe('a planned rollover', () => {
  const streams = ['trade', 'book', 'quote', 'price', 'bar'] as const;

  /** Begins one, and lets nothing come through on the old connection; the new one has not been answered. */
  async function beginRollOver(name: string, player: Player): Promise<void> {
    stage.server.isAnswering = false;
    stage.server.clients[0]?.socket.send('bye');
    await until(() => stage.server.clients[1]?.messages.length === 1, 'a question on the new connection');
    stage.server.isAnswering = true;
    expect(player.recorded.said('rollover')).toBe(1);
    link.hold(0);
    stage.server.emit(name, 5);
  }

  /** The venue agrees on the new connection; from now on it sends on both. */
  function agree(name: string): void {
    stage.server.clients[1]?.names.add(name);
    stage.server.clients[1]?.socket.send(`ack ${name}`);
  }

  /** Every event of the venue has come once, in order. */
  function expectAll(player: Player, stream: string, count: number): void {
    const times = player.recorded.events.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times).toHaveLength(count);
    if (hasIds(stream)) expect(player.recorded.ids).toEqual(range(1, count));
    expect(player.recorded.gaps).toEqual([]);
  }

  let link: SlowLink;
  beforeEach(async () => {
    link = await SlowLink.to(stage.server.port);
  });
  afterEach(async () => {
    await link.close();
  });

  it.each(streams)('loses no event and doubles none, however late the old one is: %s', async (stream) => {
    const name = `AAA.${stream}`;
    const player = await stage.started({ url: link.url, streams: [stream] });
    stage.server.emit(name, 10);
    await seen(player, 10);
    await beginRollOver(name, player);
    agree(name);
    stage.server.emit(name, 5);
    await until(() => player.recorded.said('live') === 2, 'the new connection has taken over');
    stage.server.emit(name, 5);
    expect(player.recorded.events).toHaveLength(10);
    link.release(0);
    await until(() => stage.server.clients.length === 1, 'the end of the old connection');
    stage.server.emit(name, 5);
    await seen(player, 30);
    await player.connector.stop();
    expectAll(player, stream, 30);
    expect(player.connector.snapshot()).toMatchObject({ reconnects: 0 });
  });

  it.each(streams)(
    'loses no event when the old one dies before the venue has agreed to everything: %s',
    async (stream) => {
      const name = `AAA.${stream}`;
      const player = await stage.started({ url: link.url, streams: [stream], symbols: ['AAA', 'BBB'] });
      stage.server.emit(name, 10);
      await seen(player, 10);
      await beginRollOver(name, player);
      agree(name);
      stage.server.emit(name, 5);
      await until(() => player.connector.snapshot().streams[0]?.state === 'live', 'the first answer');
      stage.server.clients[0]?.socket.close();
      link.release(0);
      await until(() => stage.server.clients.length === 1, 'the end of the old connection');
      stage.server.clients[0]?.socket.send(`ack BBB.${stream}`);
      stage.server.emit(name, 5);
      await seen(player, 25);
      await until(() => player.connector.snapshot().isLive, 'live');
      await player.connector.stop();
      expect(player.recorded.ids.at(-1)).toBe(hasIds(stream) ? 25 : undefined);
      const gaps = player.recorded.gaps.map(({ venueSymbol, cause }) => `${venueSymbol} ${cause}`);
      expect(gaps).toEqual(['BBB DISCONNECT']);
      player.recorded.gaps.length = 0;
      expectAll(player, stream, 25);
      expect(player.connector.snapshot()).toMatchObject({ reconnects: 1 });
    },
  );

  it('happens before a connection is too old, again and again, while events flow', async () => {
    const limits = { connectionLifetimeMs: 40 };
    const player = await stage.started({ limits, streams: [...streams] });
    let count = 0;
    await until(() => {
      count++;
      for (const stream of streams) stage.server.emit(`AAA.${stream}`);
      return player.recorded.said('rollover') >= 4;
    }, 'four rollovers');
    await seen(player, count * streams.length);
    await player.connector.stop();
    for (const stream of streams) {
      const events = player.recorded.events.filter((event) => event.stream === stream);
      if (hasIds(stream)) expect(events.map(({ sequenceId }) => sequenceId)).toEqual(range(1, count));
      expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(count);
      expect(events).toHaveLength(count);
    }
    expect(player.recorded.gaps).toEqual([]);
    expect(player.connector.snapshot().reconnects).toBe(0);
  });

  it('is begun once, however often the venue announces it', async () => {
    const player = await stage.started();
    for (let i = 0; i < 3; i++) stage.server.say('bye');
    await until(() => player.recorded.said('live') === 2 && stage.server.clients.length === 1, 'the new one');
    expect(player.recorded.said('rollover')).toBe(1);
    expect(stage.server.accepted).toBe(2);
  });

  it('is tried again with backing off when the new connection fails, while the old one goes on', async () => {
    const player = await stage.started();
    stage.server.isAnswering = false;
    stage.server.say('bye');
    for (let accepted = 2; accepted <= 4; accepted++) {
      await until(() => stage.server.accepted === accepted && stage.server.clients.length === 2, 'a new one');
      stage.server.emit('AAA.trade');
      if (accepted === 4) stage.server.isAnswering = true;
      stage.server.clients[1]?.socket.terminate();
    }
    await until(() => player.recorded.said('live') === 2 && stage.server.clients.length === 1, 'the new one');
    stage.server.emit('AAA.trade');
    await seen(player, 4);
    expectAll(player, 'trade', 4);
    const rollovers = player.recorded.statuses.filter(({ type }) => type === 'rollover');
    const again = 'the venue said bye (before: closed by the venue (1006))';
    expect(rollovers.slice(0, 2)).toEqual([
      { type: 'rollover', reason: 'the venue said bye' },
      { type: 'rollover', reason: again },
    ]);
    expect(player.connector.snapshot().reconnects).toBe(0);
  });

  it('survives the death of both connections', async () => {
    const player = await stage.started();
    stage.server.emit('AAA.trade');
    await seen(player, 1);
    stage.server.isAnswering = false;
    stage.server.say('bye');
    await until(() => stage.server.clients[1]?.messages.length === 1, 'a question on the new connection');
    stage.server.cut();
    stage.server.isAnswering = true;
    stage.server.skip('AAA.trade');
    await until(() => player.recorded.said('live') === 2, 'live again');
    stage.server.emit('AAA.trade');
    await seen(player, 2);
    expect(player.recorded.ids).toEqual([1, 3]);
    expect(player.recorded.gaps).toEqual([expect.objectContaining({ cause: 'DISCONNECT', fromSequence: 2 })]);
    await until(() => stage.server.clients.length === 1, 'one connection');
  });

  it.each(['trade', 'quote'] as const)(
    'doubles nothing when the new connection dies while the old one has its last word: %s',
    async (stream) => {
      const name = `AAA.${stream}`;
      const player = await stage.started({ url: link.url, streams: [stream] });
      stage.server.emit(name, 10);
      await seen(player, 10);
      await beginRollOver(name, player);
      agree(name);
      stage.server.emit(name, 5);
      await until(() => player.recorded.said('live') === 2, 'the new connection has taken over');
      stage.server.clients[1]?.socket.close();
      await until(() => player.recorded.said('live') === 3, 'a third connection');
      stage.server.emit(name, 5);
      await seen(player, 20);
      expect(player.recorded.ids).toEqual([...range(1, 10), ...range(16, 25)]);
      link.release(0);
      await until(() => stage.server.clients.length === 1, 'the end of the old connection');
      const { duplicates, events } = player.connector.snapshot().streams[0] ?? {};
      // What was on its way by ids that follow one another fills the hole; by ids that only grow it is too late.
      if (stream === 'trade') expect([events, duplicates]).toEqual([25, 5]);
      else expect([events, duplicates]).toEqual([20, 10]);
      expect(new Set(player.recorded.ids).size).toBe(player.recorded.ids.length);
    },
  );

  it('is over when the old connection is gone: then a venue may repeat an id', async () => {
    const player = await stage.started({ streams: ['quote', 'bar'] });
    stage.server.say('bye');
    await until(() => player.recorded.said('live') === 2 && stage.server.clients.length === 1, 'the new one');
    for (const name of ['AAA.quote', 'AAA.bar']) {
      stage.server.emit(name);
      stage.server.repeat(name);
    }
    await seen(player, 4);
    expect(player.connector.snapshot().streams.map(({ duplicates }) => duplicates)).toEqual([0, 0]);
  });

  it('does not wait for an answer to what the old connection was refused', async () => {
    const player = await stage.started();
    stage.server.isAnswering = false;
    stage.server.say('bye');
    await until(() => stage.server.clients[1]?.messages.length === 1, 'a question on the new connection');
    const refused = expect(player.connector.subscribe(['BBB'])).rejects.toThrow('FAKE refused BBB.trade');
    await until(() => stage.server.clients[1]?.messages.length === 2, 'another question');
    stage.server.clients[0]?.socket.send('no BBB.trade');
    await refused;
    agree('AAA.trade');
    await until(() => stage.server.clients.length === 1, 'the end of the old connection');
    expect(player.connector.snapshot()).toMatchObject({ isLive: true, reconnects: 0 });
  });

  it('gives up a new connection that falls silent half-way, and takes another', async () => {
    const limits = { silenceMs: 60 };
    const player = await stage.started({ symbols: ['AAA', 'BBB'], limits });
    const pinging = setInterval(() => stage.server.clients[0]?.socket.ping(), 5);
    stage.server.isAnswering = false;
    stage.server.say('bye');
    await until(() => stage.server.clients[1]?.messages.length === 1, 'a question on the new connection');
    agree('AAA.trade');
    await until(() => stage.server.accepted === 3, 'another one');
    clearInterval(pinging);
    expect(player.recorded.statuses).toContainEqual({
      type: 'rollover',
      reason: 'the venue said bye (before: no sign of life for 0.1 s)',
    });
    expect(player.connector.snapshot().reconnects).toBe(0);
  });

  it('that failed waits before it is tried again, and stopped meanwhile leaves no timer', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const player = await stage.started({ reconnectMinMs: 60_000, reconnectMaxMs: 60_000 });
    stage.server.isAnswering = false;
    stage.server.say('bye');
    await until(() => stage.server.clients.length === 2, 'the new connection');
    stage.server.clients[1]?.socket.terminate();
    await until(() => stage.server.clients.length === 1, 'its end');
    const startedAt = performance.now();
    await until(() => performance.now() - startedAt > 50, 'some time');
    expect(stage.server.accepted).toBe(2);
    await player.connector.stop();
    await until(() => timers() <= before, 'no timer left');
  });

  it('takes along what is subscribed and leaves what is unsubscribed meanwhile', async () => {
    const player = await stage.started({ symbols: ['AAA', 'BBB'], streams: ['quote'] });
    stage.server.isAnswering = false;
    stage.server.say('bye');
    await until(() => stage.server.clients[1]?.messages.length === 1, 'a question on the new connection');
    await player.connector.unsubscribe(['BBB']);
    const subscribing = player.connector.subscribe(['CCC']);
    await until(() => stage.server.clients[1]?.messages.length === 3, 'both questions on the new connection');
    for (const { names, socket } of stage.server.clients) {
      names.add('CCC.quote');
      socket.send('ack CCC.quote');
    }
    await subscribing;
    stage.server.emit('CCC.quote', 3);
    agree('AAA.quote');
    await until(() => stage.server.clients.length === 1, 'the end of the old connection');
    stage.server.emit('CCC.quote', 3);
    stage.server.emit('BBB.quote');
    stage.server.emit('AAA.quote');
    await seen(player, 7);
    expect(player.recorded.events.map(({ venueSymbol }) => venueSymbol)).toEqual([
      'CCC',
      'CCC',
      'CCC',
      'CCC',
      'CCC',
      'CCC',
      'AAA',
    ]);
    expect(player.recorded.ids.slice(0, 6)).toEqual(range(1, 6));
  });

  it('waits for the consumer of the batches, since the old connection could not have its last word', async () => {
    const player = await stage.started({ bufferSize: 10, limits: { connectionLifetimeMs: 40 } });
    const batches = player.connector.batches();
    stage.server.emit('AAA.trade', 100);
    await until(() => player.connector.snapshot().isPaused, 'back-pressure');
    await until(() => stage.server.clients[1]?.names.size === 1, 'the new connection');
    stage.server.emit('AAA.trade', 1_000);
    expect(player.recorded.said('live')).toBe(1);
    let rows = 0;
    while (rows < 1_100) rows += (await batches.next()).value?.length ?? 0;
    await until(() => player.recorded.said('live') > 1, 'the new connection has taken over');
    expectAll(player, 'trade', 1_100);
    expect(player.connector.snapshot()).toMatchObject({ reconnects: 0, bufferedRows: 0 });
  });

  it('that is stopped half-way leaves no handle, and keeps what was read', async () => {
    const player = await stage.started({ url: link.url });
    await beginRollOver('AAA.trade', player);
    agree('AAA.trade');
    stage.server.emit('AAA.trade', 5);
    await until(() => player.recorded.said('live') === 2, 'the new connection has taken over');
    await player.connector.stop();
    expect(player.recorded.ids).toEqual(range(6, 10));
    await until(() => stage.server.clients.length === 0, 'no connection');
  });
});
