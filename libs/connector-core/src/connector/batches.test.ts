import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Batch } from '../batch/batch.js';
import { eventsOf } from '../batch/events.js';
import { Stage } from '../testing/fake-venue/stage.js';
import { until } from '../testing/until.js';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(async () => {
  await stage.close();
});

async function allOf(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe('batches', () => {
  it('hold every event that the callbacks got, equal to it', async () => {
    const player = await stage.started({ streams: ['trade', 'book', 'quote', 'bar'], bufferSize: 7 });
    const all = allOf(player.connector.batches());
    for (let round = 0; round < 20; round++) {
      for (const stream of ['trade', 'book', 'quote', 'bar']) stage.server.emit(`AAA.${stream}`, 2);
      stage.server.skip('AAA.trade');
    }
    await until(() => player.recorded.events.length === 160, 'all events');
    await player.connector.stop();
    const stored = (await all).flatMap((batch) => [...eventsOf(batch)]);
    const { events, gaps } = player.recorded;
    for (const stream of ['trade', 'book', 'quote', 'bar']) {
      const ofStream = (event: object): boolean =>
        'type' in event && event.type !== 'gap' && 'stream' in event && event.stream === stream;
      expect(stored.filter(ofStream)).toEqual(events.filter(ofStream));
    }
    expect(stored.filter((event) => 'type' in event && event.type === 'gap')).toEqual(gaps);
    expect(stored).toHaveLength(events.length + gaps.length);
  });

  it('begin when they are first asked for', async () => {
    const player = await stage.started();
    stage.server.emit('AAA.trade', 3);
    await until(() => player.recorded.events.length === 3, 'three events');
    const all = allOf(player.connector.batches());
    stage.server.emit('AAA.trade', 2);
    await until(() => player.recorded.events.length === 5, 'five events');
    await player.connector.stop();
    expect((await all).map(({ length }) => length)).toEqual([2]);
  });
});

describe('a consumer that is slow', () => {
  const COUNT = 100_000;

  it('slows the socket of the venue and not our memory, and loses nothing', async () => {
    const player = await stage.started({ bufferSize: 100 });
    const batches = player.connector.batches();
    stage.server.emit('AAA.trade', COUNT);
    await until(() => player.connector.snapshot().isPaused, 'back-pressure');
    const [client] = stage.server.clients;
    await until(() => (client?.socket.bufferedAmount ?? 0) > 0, 'a socket that is full');
    const { bufferedRows } = player.connector.snapshot();
    expect(player.recorded.events).toHaveLength(bufferedRows);
    // Five batches, and what the socket had read in one piece: 64 KiB of frames of 30 bytes and more.
    expect(bufferedRows).toBeLessThan(5 * 100 + 65_536 / 30);
    const ids: number[] = [];
    while (ids.length < COUNT) {
      const batch = (await batches.next()).value;
      if (batch?.type === 'tick') ids.push(...batch.columns.sequenceId);
    }
    expect(ids.every((id, index) => id === index + 1)).toBe(true);
    expect(player.recorded.gaps).toEqual([]);
    const pressure = player.recorded.statuses.flatMap((status) =>
      status.type === 'back_pressure' ? [status.isPaused] : [],
    );
    expect(pressure.every((isPaused, index) => isPaused === (index % 2 === 0))).toBe(true);
    expect(player.connector.snapshot()).toMatchObject({ isPaused: false, reconnects: 0 });
  });

  it('is no reason to take the venue for dead, or its streams for stale', async () => {
    const player = await stage.started({ bufferSize: 1, staleAfterMs: 200, limits: { silenceMs: 200 } });
    const batches = player.connector.batches();
    stage.server.emit('AAA.trade', 10);
    await until(() => player.connector.snapshot().isPaused, 'back-pressure');
    const pausedAt = performance.now();
    await until(() => performance.now() - pausedAt > 400, 'twice the silence');
    expect([player.recorded.said('reconnecting'), player.recorded.said('stale')]).toEqual([0, 0]);
    let rows = 0;
    while (rows < 10) rows += (await batches.next()).value?.length ?? 0;
    expect(player.connector.snapshot().isPaused).toBe(false);
    const readAt = performance.now();
    await until(() => performance.now() - readAt > 110, 'two checks');
    expect([player.recorded.said('reconnecting'), player.recorded.said('stale')]).toEqual([0, 0]);
  });

  it('does not keep further symbols from being subscribed, on connections that exist or not', async () => {
    const player = await stage.started({
      bufferSize: 1,
      limits: { streamsPerConnection: 2, answerWithinMs: 200 },
    });
    const batches = player.connector.batches();
    stage.server.emit('AAA.trade', 10);
    await until(() => player.connector.snapshot().isPaused, 'back-pressure');
    const subscribing = player.connector.subscribe(['BBB', 'CCC']);
    await until(() => player.connector.snapshot().streams[2]?.state === 'live', 'a new connection');
    const askedAt = performance.now();
    stage.server.emit('CCC.trade', 10);
    await until(() => performance.now() - askedAt > 600, 'three times the wait for an answer');
    expect(player.recorded.events).toHaveLength(10);
    let rows = 0;
    while (rows < 20) rows += (await batches.next()).value?.length ?? 0;
    await subscribing;
    expect(player.recorded.errors).toEqual([]);
    expect(player.connector.snapshot()).toMatchObject({ isLive: true, reconnects: 0 });
  });

  it('that was away when the venue was cut off has a gap since it stopped reading', async () => {
    const player = await stage.started({ bufferSize: 10, streams: ['quote'], reconnectMinMs: 20 });
    const batches = player.connector.batches();
    stage.server.emit('AAA.quote', 20_000);
    await until(() => player.connector.snapshot().isPaused, 'back-pressure');
    const [pausedBy, pausedAt, readBefore] = [
      Date.now() * 1000,
      performance.now(),
      player.recorded.events.length,
    ];
    await until(() => performance.now() - pausedAt > 50, 'some time');
    stage.server.cut();
    while (player.recorded.said('reconnecting') === 0) await batches.next();
    const taking = allOf(batches);
    await until(() => player.recorded.gaps.length === 1, 'a gap');
    expect(player.recorded.events.length).toBeGreaterThan(readBefore);
    expect(player.recorded.events.at(-1)?.receivedAt).toBeGreaterThan(pausedBy + 40_000);
    expect(player.recorded.gaps[0]?.fromTime).toBeLessThanOrEqual(pausedBy + 5_000);
    await player.connector.stop();
    await taking;
  });

  it('may be stopped: it gets the rest, and then the end', async () => {
    const player = await stage.started({ bufferSize: 10 });
    const batches = player.connector.batches();
    stage.server.emit('AAA.trade', 1_000);
    await until(() => player.connector.snapshot().isPaused, 'back-pressure');
    await player.connector.stop();
    const rest = await allOf(batches);
    expect(rest.reduce((sum, { length }) => sum + length, 0)).toBe(player.recorded.events.length);
  });
});
