import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConnectorError, RateLimitedError, RejectedError } from '../errors.js';
import { type Player, Stage } from '../testing/fake-venue/stage.js';
import { until } from '../testing/until.js';
import type { Transport } from '../transport/transport.js';
import { webSocketTransport } from '../transport/web-socket.js';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(async () => {
  await stage.close();
});

/** Connections whose request names their streams: what is subscribed later is not for them. */
function fixed(): Transport<Buffer, string> {
  return { ...webSocketTransport('FAKE', stage.server.url), isExtendable: false };
}

/** Connections that end for a reason of this kind. */
function ending(with_: ConnectorError): Transport<Buffer, string> {
  const transport = webSocketTransport('FAKE', stage.server.url);
  return {
    ...transport,
    open: (listener, subscriptions, withinMs) => {
      const onClosed = (): void => listener.onClosed(with_);
      const passed = { onOpen: () => listener.onOpen(), onAlive: () => listener.onAlive(), onClosed };
      return transport.open(
        { ...passed, onFrame: (frame) => listener.onFrame(frame) },
        subscriptions,
        withinMs,
      );
    },
  };
}

async function seen({ recorded }: Player, events: number): Promise<void> {
  await until(() => recorded.events.length >= events, `${events} events`);
}

function names(): string[][] {
  return stage.server.clients.map((client) => [...client.names].sort());
}

describe('a connection that takes no further streams', () => {
  it('is followed by one that has them all, and no event is lost or doubled', async () => {
    const player = await stage.started({ transport: fixed(), streams: ['price'] });
    stage.server.emit('AAA.price', 3);
    await seen(player, 3);
    await player.connector.subscribe(['BBB']);
    await until(() => stage.server.clients.length === 1, 'the end of the old connection');
    expect(names()).toEqual([['AAA.price', 'BBB.price']]);
    expect(stage.server.accepted).toBe(2);
    stage.server.emit('AAA.price', 2);
    stage.server.emit('BBB.price', 2);
    await seen(player, 7);
    expect(player.recorded.gaps).toEqual([]);
    expect(player.connector.snapshot().reconnects).toBe(0);
  });

  it('is followed once more by what was subscribed while it was on its way', async () => {
    const limits = { silenceMs: 100 };
    const player = await stage.started({ transport: fixed(), streams: ['price'], limits });
    stage.server.isAnswering = false;
    const second = player.connector.subscribe(['BBB']);
    await until(() => stage.server.accepted === 2, 'the second connection');
    const third = player.connector.subscribe(['CCC']);
    stage.server.isAnswering = true;
    for (const { socket, names: on } of stage.server.clients.slice(1)) {
      for (const symbol of ['AAA', 'BBB']) {
        on.add(`${symbol}.price`);
        socket.send(`ack ${symbol}.price`);
      }
    }
    await Promise.all([second, third]);
    await until(() => names().some((each) => each.length === 3), 'all three on one connection');
    await until(() => stage.server.clients.length === 1, 'the end of the others');
  });

  it('goes on with what is left when a stream is unsubscribed', async () => {
    const player = await stage.started({ transport: fixed(), streams: ['price'], symbols: ['AAA', 'BBB'] });
    await player.connector.unsubscribe(['BBB']);
    stage.server.emit('AAA.price', 2);
    await seen(player, 2);
    expect(stage.server.accepted).toBe(1);
  });
});

describe('a connection that the venue refuses', () => {
  it('for good is not tried again, and start says why', async () => {
    const transport = ending(new RejectedError('FAKE', 'the key is wrong: look at FAKE_KEY'));
    stage.server.isAnswering = false;
    const { connector, recorded } = stage.player({ transport });
    const starting = connector.start();
    await until(() => stage.server.clients.length === 1, 'a connection');
    stage.server.cut();
    await expect(starting).rejects.toThrow('the key is wrong: look at FAKE_KEY');
    expect(recorded.errors.map(({ kind }) => kind)).toEqual(['rejected']);
    expect(connector.snapshot()).toMatchObject({ reconnects: 0, isLive: false });
    expect(stage.server.accepted).toBe(1);
  });

  it('for a time is tried again after that time, and not before', async () => {
    const transport = ending(new RateLimitedError('FAKE', 'too many connections', 80));
    const player = await stage.started({ transport });
    const cutAt = performance.now();
    stage.server.cut();
    await until(() => player.recorded.said('live') === 2, 'live again');
    expect(performance.now() - cutAt).toBeGreaterThanOrEqual(79);
    const waits = player.recorded.statuses.flatMap((status) =>
      status.type === 'reconnecting' ? [[status.reason, status.retryInMs]] : [],
    );
    expect(waits).toEqual([['too many connections', 80]]);
    expect(player.connector.snapshot().errors).toMatchObject({ rate_limited: 1, transport: 0 });
  });
});

describe('a connection that stands while the venue behind it does not', () => {
  it('is not live until the venue agrees again, and the time between is a gap', async () => {
    const player = await stage.started({ streams: ['quote'] });
    stage.server.emit('AAA.quote');
    await seen(player, 1);
    const [last] = player.recorded.events;
    stage.server.say(`away ${last?.receivedAt ?? 0} AAA.quote`);
    await until(() => player.recorded.said('interrupted') === 1, 'the interruption');
    expect(player.connector.snapshot()).toMatchObject({ isLive: false, streams: [{ state: 'lost' }] });
    stage.server.say('ack AAA.quote');
    await until(() => player.recorded.said('live') === 2, 'live again');
    expect(player.recorded.gaps).toEqual([
      expect.objectContaining({ cause: 'DISCONNECT', fromTime: last?.receivedAt }),
    ]);
    expect(player.connector.snapshot()).toMatchObject({ isLive: true, reconnects: 0 });
    expect(stage.server.accepted).toBe(1);
  });

  it('has been away since then also when it is lost before it is well again', async () => {
    const player = await stage.started({ streams: ['quote'] });
    stage.server.emit('AAA.quote');
    await seen(player, 1);
    const [last] = player.recorded.events;
    stage.server.say(`away ${last?.receivedAt ?? 0} AAA.quote`);
    await until(() => player.recorded.said('interrupted') === 1, 'the interruption');
    stage.server.cut();
    await until(() => player.recorded.said('live') === 2, 'live again');
    expect(player.recorded.gaps.map(({ fromTime }) => fromTime)).toEqual([last?.receivedAt]);
  });

  it('says which stream is less than was asked for', async () => {
    const player = await stage.started();
    stage.server.say('less AAA.trade');
    await until(() => player.recorded.said('degraded') === 1, 'the word');
    expect(player.recorded.statuses).toContainEqual(
      expect.objectContaining({ type: 'degraded', reason: 'the venue said less' }),
    );
  });
});
