import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type MarketDataConnector, systemClock } from '@autotrader/connector-core';
import { wireName } from '@autotrader/connector-binance';
import { type BinanceSimulator, startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { Config } from '../config/schema.js';
import { agrees, reconcile } from '../reconcile/ledger.js';
import { settle } from '../reconcile/settle.js';
import { isFree } from '../record/port.js';
import { Recording, type RecordingContext } from '../record/recording.js';
import { ended } from '../serve.js';
import { Latencies } from './latency.js';
import { demoTable } from './table.js';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const STREAMS = ['trade', 'depth20'];
const DEFAULT_HTTP_PORT = 8000;

/** What a demo ends with. */
export interface DemoResult {
  /** What was sent and what is stored, to be printed. */
  readonly table: string;
  /** Everything that was sent is stored. */
  readonly isComplete: boolean;
}

/**
 * Records a simulated Binance into an embedded ClickHouse until the signal, or for so many seconds. Its data is in a
 * temporary folder, which is removed.
 * @throws as {@link Recording.open}.
 */
export async function runDemo(
  context: RecordingContext,
  signal: AbortSignal,
  seconds = Infinity,
): Promise<DemoResult> {
  const clock = systemClock();
  const simulator = await startBinanceSimulator({ symbols: SYMBOLS, clock });
  const folder = await mkdtemp(join(tmpdir(), 'autotrader-demo-'));
  try {
    const recording = await Recording.open(await demoConfig(simulator, folder), context);
    try {
      const latencies = measure(recording.connectors, simulator, clock);
      await record(recording, context, signal, seconds);
      simulator.market.pause();
      await settle(
        () => simulator.sent.all(),
        () => recording.snapshots(),
      );
      await recording.drain();
      const rows = await reconcile('BINANCE', simulator.sent.all(), recording.store);
      const wasEndedEarly = rows.length === 0 && signal.aborted;
      return { table: demoTable(rows, latencies), isComplete: wasEndedEarly || agrees(rows) };
    } finally {
      await recording.close();
    }
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function demoConfig({ wsUrl, restUrl }: BinanceSimulator, folder: string): Promise<Config> {
  return Config.parse({
    venues: { binance: { symbols: SYMBOLS, streams: STREAMS, wsUrl, restUrl } },
    clickhouse: { dataDir: join(folder, 'clickhouse') },
    spool: { dir: join(folder, 'spool') },
    http: { port: (await isFree(DEFAULT_HTTP_PORT)) ? DEFAULT_HTTP_PORT : 0 },
  });
}

/** The seconds count from when everything flows, however long a machine takes to come so far. */
async function record(
  recording: Recording,
  { log }: RecordingContext,
  signal: AbortSignal,
  seconds: number,
): Promise<void> {
  const ending = ended(signal);
  const run = async (): Promise<void> => {
    await recording.start();
    log.info(
      `look around: tables of market_data at ${recording.store.url}/play, metrics at ${recording.httpUrl}/metrics`,
    );
    log.info(
      `the demo records a simulated Binance ${seconds === Infinity ? 'until Ctrl-C' : `for ${seconds} s`}, then prints what was sent and what is stored`,
    );
    const time = seconds === Infinity ? ending : ended(AbortSignal.timeout(Math.ceil(seconds * 1000)));
    await Promise.race([time, recording.failure()]);
  };
  await Promise.race([ending, run()]);
}

/** From the moment the simulator sent an event to the moment our callback has it. */
function measure(
  connectors: ReadonlyMap<string, MarketDataConnector>,
  { sent }: BinanceSimulator,
  clock: Clock,
): Latencies {
  const latencies = new Latencies();
  const record = (event: { venueSymbol: string; stream: string; sequenceId?: number | undefined }): void => {
    const sentAt = sent.sentAt(wireName(event.venueSymbol, event.stream), event.sequenceId ?? 0);
    if (sentAt !== undefined) latencies.record(`${event.venueSymbol} ${event.stream}`, clock.now() - sentAt);
  };
  for (const connector of connectors.values()) connector.on('tick', record).on('depth', record);
  return latencies;
}
