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

/**
 * Records a simulated Binance into an embedded ClickHouse until the signal, then prints what was sent and what is
 * stored. Its data is in a temporary folder, which is removed.
 * @returns the exit code: 0 when what was sent is what is stored.
 */
export async function runDemo(context: RecordingContext, signal: AbortSignal): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'autotrader-demo-'));
  const clock = systemClock();
  const simulator = await startBinanceSimulator({ symbols: SYMBOLS, clock });
  try {
    return await record(simulator, clock, dataDir, context, signal);
  } finally {
    await simulator.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function record(
  simulator: BinanceSimulator,
  clock: Clock,
  dataDir: string,
  context: RecordingContext,
  signal: AbortSignal,
): Promise<number> {
  const { wsUrl, restUrl } = simulator;
  const config = Config.parse({
    venues: { binance: { symbols: SYMBOLS, streams: STREAMS, wsUrl, restUrl } },
    clickhouse: { dataDir },
    http: { port: (await isFree(DEFAULT_HTTP_PORT)) ? DEFAULT_HTTP_PORT : 0 },
  });
  const recording = await Recording.open(config, context);
  try {
    const latencies = measure(recording.connectors, simulator, clock);
    context.log.info(
      'the demo records a simulated Binance: Ctrl-C ends it and prints what was sent and stored',
    );
    const ending = ended(signal);
    await Promise.race([ending, recording.start().then(() => Promise.race([ending, recording.failure()]))]);
    simulator.market.pause();
    await settle(
      () => simulator.sent.all(),
      () => recording.snapshots(),
    );
    await recording.flush();
    context.statusLine.clear();
    const rows = await reconcile('BINANCE', simulator.sent.all(), recording.storage);
    process.stdout.write(`${demoTable(rows, latencies)}\n`);
    return agrees(rows) ? 0 : 1;
  } finally {
    await recording.close();
  }
}

/** From the moment the simulator sent an event to the moment our callback has it. */
function measure(
  connectors: ReadonlyMap<string, MarketDataConnector<never>>,
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
