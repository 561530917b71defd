import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type MarketDataConnector, systemClock } from '@autotrader/connector-core';
import type { Depth, OHLCV, Tick } from '@autotrader/schemas';
import { Config } from '../config/schema.js';
import { agrees, type LedgerRow, reconcile } from '../reconcile/ledger.js';
import { settle } from '../reconcile/settle.js';
import { isFree } from '../record/port.js';
import { Recording, type RecordingContext } from '../record/recording.js';
import { ended } from '../serve.js';
import { type DemoHistory, startHistory } from './history.js';
import { Latencies, latencyKey } from './latency.js';
import { secretsOfVenues, type SimulatedVenue, startVenues } from './simulated-venue.js';
import { demoTable } from './table.js';

const DEFAULT_HTTP_PORT = 8000;

/** A demo while everything flows. */
export interface RunningDemo {
  readonly venues: readonly SimulatedVenue[];
  /** Of the page, of metrics and of health. */
  readonly httpUrl: string;
  /** Of ClickHouse's HTTP interface. */
  readonly clickhouseUrl: string;
}

/** How a demo is run. */
export interface DemoOptions {
  /** It ends by itself after so long; otherwise when the signal is given. */
  readonly seconds?: number;
  /** Called once everything flows; the demo ends when this has. */
  readonly whileRunning?: (demo: RunningDemo) => Promise<void>;
}

/** What a demo ends with. */
export interface DemoResult {
  /** What was sent and what is stored, to be printed. */
  readonly table: string;
  /** Everything that was sent is stored. */
  readonly isComplete: boolean;
}

/**
 * Records simulated venues into an embedded ClickHouse until the signal, or for so many seconds. Its data is in a
 * temporary folder, which is removed.
 * @throws as {@link Recording.open}.
 */
export async function runDemo(
  context: RecordingContext,
  signal: AbortSignal,
  options: DemoOptions = {},
): Promise<DemoResult> {
  const clock = systemClock();
  const venues = await startVenues(clock);
  const folder = await mkdtemp(join(tmpdir(), 'autotrader-demo-'));
  try {
    const secrets = secretsOfVenues(venues);
    const recording = await Recording.open(await demoConfig(venues, folder), { ...context, secrets });
    try {
      const latencies = measure(recording.connectors, venues, clock);
      const history = await startHistory(recording.store.url, clock, context.log);
      try {
        await record(recording, venues, context, signal, options);
        await history.done;
      } finally {
        await history.stop();
      }
      for (const venue of venues) venue.pause();
      await settle(
        () => venues.flatMap(({ sent }) => sent.counts()),
        () => recording.snapshots(),
      );
      await recording.drain();
      const rows = await ledgerOf(venues, history, recording);
      const wasEndedEarly = rows.length === 0 && signal.aborted;
      return { table: demoTable(rows, latencies), isComplete: wasEndedEarly || agrees(rows) };
    } finally {
      await recording.close();
    }
  } finally {
    await Promise.all(venues.map((venue) => venue.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function ledgerOf(
  venues: readonly SimulatedVenue[],
  history: DemoHistory,
  { store }: Recording,
): Promise<LedgerRow[]> {
  const rows = await Promise.all([
    ...venues.map(({ name, sent }) => reconcile(name, sent.counts(), store)),
    reconcile(history.name, await history.sent(store), store),
  ]);
  return rows.flat();
}

async function demoConfig(venues: readonly SimulatedVenue[], folder: string): Promise<Config> {
  return Config.parse({
    venues: Object.assign({}, ...venues.map(({ config }) => config)) as Config['venues'],
    clickhouse: { dataDir: join(folder, 'clickhouse') },
    spool: { dir: join(folder, 'spool') },
    http: { port: (await isFree(DEFAULT_HTTP_PORT)) ? DEFAULT_HTTP_PORT : 0 },
  });
}

/** The seconds count from when everything flows, however long a machine takes to come so far. */
async function record(
  recording: Recording,
  venues: readonly SimulatedVenue[],
  { log }: RecordingContext,
  signal: AbortSignal,
  { seconds = Infinity, whileRunning }: DemoOptions,
): Promise<void> {
  const ending = ended(signal);
  const run = async (): Promise<void> => {
    await recording.start();
    log.info(
      `look around: ${recording.httpUrl}, tables of market_data at ${recording.store.url}/play, metrics at ${recording.httpUrl}/metrics`,
    );
    log.info(
      `the demo records simulated venues ${seconds === Infinity ? 'until Ctrl-C' : `for ${seconds} s`}, then prints what was sent and what is stored`,
    );
    const time = seconds === Infinity ? ending : ended(AbortSignal.timeout(Math.ceil(seconds * 1000)));
    const { httpUrl, store } = recording;
    const work = whileRunning?.({ venues, httpUrl, clickhouseUrl: store.url });
    await Promise.race([time, recording.failure(), ...(work === undefined ? [] : [work])]);
  };
  await Promise.race([ending, run()]);
}

/** From the moment the simulator sent an event to the moment our callback has it. */
function measure(
  connectors: ReadonlyMap<string, MarketDataConnector>,
  venues: readonly SimulatedVenue[],
  clock: Clock,
): Latencies {
  const latencies = new Latencies();
  for (const { name, sent } of venues) {
    const record = (event: Tick | Depth | OHLCV): void => {
      const sentAt = sent.sentAt(event);
      if (sentAt !== undefined) latencies.record(latencyKey(event), clock.now() - sentAt);
    };
    connectors.get(name)?.on('tick', record).on('depth', record).on('bar', record);
  }
  return latencies;
}
