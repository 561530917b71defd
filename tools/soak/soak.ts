import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@autotrader/connector-core';
import { randomFrom } from '@autotrader/connector-core/testing';
import { type EmbeddedClickHouse, startClickHouse } from '@autotrader/embedded-clickhouse';
import { type MarketPace, type SimulatedVenue, startVenues } from '@autotrader/ingestor/demo';
import { Program } from '@autotrader/runtime/testing';
import { type Balance, balanceOf } from './balance.js';
import { Probe, type Sample } from './probe.js';

/** How a soak is run. */
export interface SoakOptions {
  readonly minutes: number;
  /** Decides which connections are cut when. */
  readonly seed: number;
  /** Mean time between two cuts. */
  readonly reconnectSeconds: number;
  readonly onSample: (sample: Sample) => void;
}

/** What came of it. */
export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly balance: readonly Balance[];
  /** Connections that were cut. */
  readonly cuts: number;
  readonly exitCode: number | null;
}

/** 5,000 events a second in all. */
const PACE: MarketPace = { binance: 860, oanda: 100, ibkr: 1_000 };
const SAMPLES = 60;
const LEAST_BETWEEN_MS = 1_000;
const QUIET_MS = 3_000;

/** Nothing is missing that is not in a gap, nothing is double, and it left as it should. */
export function isGood({ balance, exitCode }: SoakResult): boolean {
  return (
    exitCode === 0 && balance.length > 0 && balance.every(({ lost, doubled }) => lost === 0 && doubled === 0)
  );
}

/** Runs the ingestor, the venues and a ClickHouse, each in a process of its own, until the time or the signal is over. */
export async function runSoak(options: SoakOptions, signal: AbortSignal): Promise<SoakResult> {
  const folder = await mkdtemp(join(tmpdir(), 'autotrader-soak-'));
  const venues = await startVenues(systemClock(), PACE);
  try {
    const server = await startClickHouse({ dataDir: join(folder, 'clickhouse') });
    try {
      return await watch(options, folder, venues, server, signal);
    } finally {
      await server.stop();
    }
  } finally {
    await Promise.all(venues.map((venue) => venue.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

async function watch(
  options: SoakOptions,
  folder: string,
  venues: readonly SimulatedVenue[],
  server: EmbeddedClickHouse,
  signal: AbortSignal,
): Promise<SoakResult> {
  const ingestor = await startIngestor(folder, venues, server.url);
  try {
    const line = await ingestor.line(/metrics at/);
    const url = /http:\/\/[^,/]+/.exec(line)?.[0] ?? '';
    await ingestor.line(/IBKR: live/);
    const probe = new Probe(url, venues);
    const samples: Sample[] = [];
    const over = timeOver(options.minutes * 60_000, signal);
    const everyMs = Math.max(LEAST_BETWEEN_MS, (options.minutes * 60_000) / SAMPLES);
    const cutting = cutAtRandom(venues, options, over);
    while (!over.aborted) {
      const sample = await probe.take();
      samples.push(sample);
      options.onSample(sample);
      await sleep(everyMs, over);
    }
    const cuts = await cutting;
    for (const venue of venues) venue.pause();
    await quiet(probe);
    ingestor.kill('SIGTERM');
    const { code } = await ingestor.ended;
    return {
      samples,
      cuts,
      exitCode: code,
      balance: await balanceOf(venues, server.url, samples.at(-1)?.seconds ?? 0),
    };
  } finally {
    await ingestor.dispose();
  }
}

async function startIngestor(
  folder: string,
  venues: readonly SimulatedVenue[],
  url: string,
): Promise<Program> {
  const config = {
    venues: Object.assign({}, ...venues.map((venue) => venue.config)) as object,
    clickhouse: { url },
    spool: { dir: join(folder, 'spool') },
    http: { port: 0 },
  };
  const file = join(folder, 'ingestor.yaml');
  await writeFile(file, JSON.stringify(config)); // JSON is YAML
  const secrets = Object.assign({}, ...venues.map((venue) => venue.secrets)) as Record<string, string>;
  return new Program('apps/ingestor/src/main.ts', ['--config', file], secrets);
}

/** @returns how many were cut. */
async function cutAtRandom(
  venues: readonly SimulatedVenue[],
  { seed, reconnectSeconds }: SoakOptions,
  over: AbortSignal,
): Promise<number> {
  const random = randomFrom(seed);
  for (let cuts = 0; ; cuts++) {
    await sleep(2_000 * reconnectSeconds * random(), over);
    if (over.aborted) return cuts;
    venues[Math.floor(random() * venues.length)]?.cut();
  }
}

/** Until nothing more comes in. */
async function quiet(probe: Probe): Promise<void> {
  for (let before = -1; ;) {
    await delay(QUIET_MS);
    const { taken } = await probe.take();
    if (taken === before) return;
    before = taken;
  }
}

/** Aborted after so long, or with the signal. A timer of its own: one that only `AbortSignal.any` knows may be collected. */
function timeOver(ms: number, signal: AbortSignal): AbortSignal {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  const end = (): void => {
    clearTimeout(timer);
    over.abort();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return over.signal;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}
