import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Stage } from '../testing/fake-venue/stage.js';
import { until } from '../testing/until.js';
import type { ResolvedSymbols } from '../venue.js';
import { LATENCY_BUCKETS } from './latency-histogram.js';

let stage: Stage;
let registry: Registry;

beforeEach(async () => {
  stage = await Stage.open();
  registry = new Registry();
});

afterEach(async () => {
  await stage.close();
});

/** The samples of the registry's text, by name and labels. */
async function scrape(): Promise<Map<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.map((line): [string, number] => {
    const space = line.lastIndexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1))];
  });
  const map = new Map(samples);
  // The same sample twice is a text that Prometheus refuses.
  expect(map.size).toBe(samples.length);
  return map;
}

describe('metrics', () => {
  it('are all there from the start, with a help and a type', async () => {
    stage.player({ registry });
    const text = await registry.metrics();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
      ([, name = '', type = '']) => `${name} ${type}`,
    );
    expect(types.sort()).toEqual([
      'callback_errors_total counter',
      'clock_offset_seconds gauge',
      'connector_buffered_rows gauge',
      'connector_connections gauge',
      'connector_errors_total counter',
      'connector_live gauge',
      'connector_paused gauge',
      'duplicates_dropped_total counter',
      'ingestion_latency_seconds histogram',
      'ingestion_ticks_total counter',
      'last_message_timestamp_seconds gauge',
      'messages_received_total counter',
      'precision_loss_total counter',
      'quarantined_frames_total counter',
      'sequence_gaps_healed_total counter',
      'sequence_gaps_total counter',
      'stale_streams gauge',
      'subscribed_streams gauge',
      'websocket_reconnects_total counter',
    ]);
    expect([...text.matchAll(/^# HELP \S+ \S.+$/gm)]).toHaveLength(types.length);
    for (const kind of ['parse', 'transport', 'sequence_gap', 'rate_limited', 'rejected']) {
      expect(text).toContain(`connector_errors_total{venue="FAKE",kind="${kind}"} 0`);
    }
  });

  it('count what a connector has seen', async () => {
    const { connector, recorded } = await stage.started({
      registry,
      symbols: ['AAA', 'BBB', 'NO'],
      streams: ['trade', 'bar'],
    });
    connector.on('gap', () => {
      throw new Error('a bug of the user');
    });
    void connector.batches();
    stage.server.emit('AAA.trade', 3);
    stage.server.repeat('AAA.trade');
    stage.server.skip('AAA.trade');
    stage.server.emit('AAA.trade');
    stage.server.emit('BBB.trade', 2);
    stage.server.emit('AAA.bar');
    stage.server.say('nonsense');
    await until(() => recorded.errors.length === 2 && recorded.events.length === 7, 'everything');
    const samples = await scrape();
    const expected = {
      'ingestion_ticks_total{venue="FAKE",stream="trade",asset_class="CRYPTO"}': 6,
      'ingestion_ticks_total{venue="FAKE",stream="bar",asset_class="CRYPTO"}': 1,
      'messages_received_total{venue="FAKE",type="tick"}': 7,
      'messages_received_total{venue="FAKE",type="depth"}': 0,
      'messages_received_total{venue="FAKE",type="bar"}': 1,
      'messages_received_total{venue="FAKE",type="invalid"}': 1,
      'duplicates_dropped_total{venue="FAKE",stream="trade"}': 1,
      'sequence_gaps_total{venue="FAKE",stream="trade"}': 1,
      'sequence_gaps_total{venue="FAKE",stream="bar"}': 0,
      'sequence_gaps_healed_total{venue="FAKE",stream="trade"}': 0,
      'subscribed_streams{venue="FAKE",stream="trade",state="live"}': 2,
      'stale_streams{venue="FAKE",stream="trade"}': 0,
      'connector_errors_total{venue="FAKE",kind="parse"}': 1,
      'connector_errors_total{venue="FAKE",kind="sequence_gap"}': 1,
      'connector_errors_total{venue="FAKE",kind="rejected"}': 1,
      'quarantined_frames_total{venue="FAKE"}': 1,
      'callback_errors_total{venue="FAKE"}': 1,
      'connector_live{venue="FAKE"}': 1,
      'ingestion_latency_seconds_count{venue="FAKE"}': 7,
    };
    expect(Object.fromEntries([...samples].filter(([name]) => name in expected))).toEqual(expected);
    expect(await scrape()).toEqual(samples);
    const last = Math.max(...recorded.events.map(({ receivedAt }) => receivedAt));
    expect(samples.get('last_message_timestamp_seconds{venue="FAKE",stream="bar"}')).toBe(last / 1e6);
  });

  it('have buckets that add up', async () => {
    const { connector } = await stage.started({ registry, clock: clockAt(2_000_000_000_000_000) });
    [60_000, 700, 3, 3, 0.5].forEach((lateMs, place) => {
      stage.server.say(`AAA.trade ${place} ${place} ${2_000_000_000_000_000 - lateMs * 1000} 1.5`);
    });
    await until(() => connector.snapshot().streams[0]?.events === 5, 'five trades');
    const samples = await scrape();
    const buckets = [...LATENCY_BUCKETS, '+Inf'].map((le) =>
      samples.get(`ingestion_latency_seconds_bucket{venue="FAKE",le="${le}"}`),
    );
    expect(buckets).toEqual([1, 1, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5]);
    expect(samples.get('ingestion_latency_seconds_count{venue="FAKE"}')).toBe(5);
    expect(samples.get('ingestion_latency_seconds_sum{venue="FAKE"}')).toBeCloseTo(60.7065, 6);
  });

  it('tell holes that were found from those that have healed', async () => {
    const { connector } = await stage.started({ registry });
    const trade = (id: number): void =>
      stage.server.say(`AAA.trade ${id} ${id} ${1_700_000_000_000_000 + id} 1.5`);
    for (const id of [1, 5, 9, 3]) trade(id); // 2 to 4 comes apart into 2 and 4; 6 to 8 stays
    await until(() => connector.snapshot().streams[0]?.events === 4, 'four trades');
    const gaps = async (): Promise<unknown[]> => {
      const samples = await scrape();
      return ['', '_healed'].map((what) =>
        samples.get(`sequence_gaps${what}_total{venue="FAKE",stream="trade"}`),
      );
    };
    expect(await gaps()).toEqual([3, 0]);
    for (const id of [2, 4]) trade(id);
    await until(() => connector.snapshot().streams[0]?.events === 6, 'two more');
    expect(await gaps()).toEqual([3, 2]);
  });

  it('show how far our clock is from the clock of the venue', async () => {
    const { connector } = await stage.started({ registry, clock: clockAt(2_000_000_000_000_000) });
    [700, -250, 3].forEach((lateMs, place) => {
      stage.server.say(`AAA.trade ${place} ${place} ${2_000_000_000_000_000 - lateMs * 1000} 1.5`);
    });
    await until(() => connector.snapshot().streams[0]?.events === 3, 'three trades');
    expect((await scrape()).get('clock_offset_seconds{venue="FAKE"}')).toBe(-0.25);
  });

  it('are as many with five hundred symbols as with one', async () => {
    const symbols = Array.from({ length: 500 }, (_, number) => `S${number}`);
    await stage.started({ registry, symbols: ['AAA'] });
    const lines = (await scrape()).size;
    const instruments = symbols.map((symbol) => ({
      ...{ symbol: `${symbol}/USD`, venueSymbol: symbol, assetClass: 'CRYPTO' as const },
    }));
    const resolve = (): Promise<ResolvedSymbols> => Promise.resolve({ instruments, rejected: [] });
    await stage.started({ registry, symbols, resolve });
    expect((await scrape()).size).toBe(lines);
  });

  it('of several connectors on one registry are taken together', async () => {
    const one = await stage.started({ registry, symbols: ['AAA'] });
    const other = await stage.started({ registry, symbols: ['BBB'] });
    stage.server.emit('AAA.trade', 2);
    stage.server.emit('BBB.trade', 3);
    await until(() => one.recorded.events.length + other.recorded.events.length === 5, 'five events');
    const before = await scrape();
    expect(before.get('ingestion_ticks_total{venue="FAKE",stream="trade",asset_class="CRYPTO"}')).toBe(5);
    expect(before.get('ingestion_latency_seconds_count{venue="FAKE"}')).toBe(5);
    expect(before.get('connector_live{venue="FAKE"}')).toBe(1);
    await other.connector.stop();
    expect((await scrape()).get('connector_live{venue="FAKE"}')).toBe(0);
  });

  it('do not go down when symbols are left off', async () => {
    const { connector, recorded } = await stage.started({ registry, symbols: ['AAA', 'BBB'] });
    stage.server.emit('AAA.trade', 2);
    stage.server.emit('BBB.trade', 2);
    stage.server.skip('BBB.trade');
    stage.server.emit('BBB.trade');
    await until(() => recorded.events.length === 5, 'five events');
    await connector.unsubscribe(['BBB']);
    const samples = await scrape();
    expect(samples.get('ingestion_ticks_total{venue="FAKE",stream="trade",asset_class="CRYPTO"}')).toBe(5);
    expect(samples.get('sequence_gaps_total{venue="FAKE",stream="trade"}')).toBe(1);
    expect(samples.get('connector_errors_total{venue="FAKE",kind="sequence_gap"}')).toBe(1);
  });

  it('are registered anew in a registry that was cleared', async () => {
    stage.player({ registry });
    registry.clear();
    await stage.started({ registry });
    expect((await scrape()).get('connector_live{venue="FAKE"}')).toBe(1);
  });
});

function clockAt(micros: number): { now(): number; stampFrame(): number } {
  return { now: () => micros, stampFrame: () => micros };
}
