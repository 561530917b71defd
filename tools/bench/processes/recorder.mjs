/** Our side of a bench, in a process of its own: the ingestor as `apps/ingestor` puts it together, or its connector alone. */
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BinanceConnector } from '@autotrader/connector-binance';
import { importInternal } from '../build.mjs';
import { sharedClock } from '../shared-clock.mjs';
import { answer, cpuSeconds, waitedSeconds } from './answer.mjs';

const LOOK_EVERY_MS = 5;
/** So long without anything new means that nothing more will come. */
const QUIET_MS = 10_000;

const warn = (line) => process.stderr.write(`recorder: ${line}\n`);
const log = { info: () => undefined, warn, error: warn };
const statusLine = { show: () => undefined, clear: () => undefined };

let recording;
let connector;
let latencies;
let memory;
let profiler;

answer({
  /** Records into ClickHouse. */
  async record({ projectRoot, venue, streams, clickhouse }) {
    const { Recording } = await importInternal(projectRoot, 'recording');
    const { Config } = await importInternal(projectRoot, 'config');
    const binance = { symbols: ['BTCUSDT', 'ETHUSDT'], streams, ...venue };
    const spool = { dir: await mkdtemp(join(tmpdir(), 'autotrader-bench-spool-')) };
    const config = Config.parse({
      venues: { binance },
      clickhouse: { url: clickhouse },
      spool,
      http: { port: 0 },
    });
    recording = await Recording.open(config, { log, statusLine });
    await recording.start();
    connector = recording.connectors.get('BINANCE');
  },

  /** Only listens. */
  async listen({ venue, streams }) {
    connector = new BinanceConnector({ symbols: ['BTCUSDT', 'ETHUSDT'], streams, ...venue });
    await connector.start();
  },

  /** From now on, every tick's time from the venue's send to the callback; those sent before `from` are left out. */
  measureLatency({ offset, from, most }) {
    const now = sharedClock(offset);
    latencies = { micros: new Float64Array(most), count: 0 };
    connector.on('tick', (tick) => {
      const sentAt = tick.kind === 'quote' ? tick.sequenceId : tick.timestamp;
      if (sentAt >= from) latencies.micros[latencies.count++] = now() - sentAt;
    });
  },

  /** From now on, the resident memory once a second. */
  sampleMemory() {
    memory = [];
    setInterval(() => memory.push(process.memoryUsage.rss()), 1000).unref();
  },

  /** From now on until it has finished, where the time goes. */
  async profile({ folder, name }) {
    profiler = { session: new Session(), file: join(folder, `${name}.cpuprofile`) };
    profiler.session.connect();
    await profiler.session.post('Profiler.enable');
    await profiler.session.post('Profiler.start');
  },

  /** CPU seconds used so far, and seconds spent waiting for a core. */
  usage: () => ({ cpu: cpuSeconds(), waited: waitedSeconds() }),

  /** Waits until so many events have come, then flushes: resolves when ClickHouse has acknowledged the last row. */
  async finish({ events }) {
    await settle(events);
    await (recording ?? { flush: () => connector.stop() }).flush();
    await recording?.store.drained();
    const finishedAt = Date.now();
    if (profiler !== undefined) await writeProfile();
    const { streams, quarantined } = connector.snapshot();
    const sum = (count) => streams.reduce((total, stream) => total + count(stream), 0);
    return {
      finishedAt,
      quarantined,
      events: sum((stream) => stream.events),
      duplicates: sum((stream) => stream.duplicates),
      gaps: sum((stream) => stream.gaps),
      latencies: latencies && percentiles(latencies.micros.subarray(0, latencies.count)),
      memory,
    };
  },

  stop: () => recording?.close(),
});

async function settle(events) {
  let taken = -1;
  let lastChange = performance.now();
  while (performance.now() - lastChange < QUIET_MS) {
    const { streams, quarantined } = connector.snapshot();
    const now = streams.reduce((sum, stream) => sum + stream.events + stream.duplicates, quarantined);
    if (now >= events) return;
    if (now !== taken) [taken, lastChange] = [now, performance.now()];
    await wait(LOOK_EVERY_MS);
  }
}

async function writeProfile() {
  const { profile } = await profiler.session.post('Profiler.stop');
  writeFileSync(profiler.file, JSON.stringify(profile));
}

/** In milliseconds. */
function percentiles(micros) {
  const sorted = micros.toSorted();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] / 1000;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
