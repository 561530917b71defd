import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BinanceSimulator, startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { CollectorProcess } from './collector-process.js';
import { type BarResult, compareBars, compareDepth, compareTrades, type StreamResult } from './compare.js';
import { Database } from './database.js';
import { FaultProxy } from './fault-proxy.js';
import { type FaultKind, type FaultLimits, Faults, until } from './faults.js';
import { MarketTruth } from './market-truth.js';
import { Random } from './random.js';
import { SmallDisk } from './small-disk.js';

/** How long, how much, and which chance. */
export interface ChaosOptions extends FaultLimits {
  readonly seed: number;
  /** How many record the same symbols at once, each with a spool of its own. */
  readonly collectors: number;
  /** Given what happens, line by line. */
  readonly say: (line: string) => void;
}

/** What chaos ended with. */
export interface ChaosResult {
  readonly seed: number;
  readonly collectors: number;
  readonly seconds: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly streams: readonly StreamResult[];
  readonly bars: readonly BarResult[];
  /** Whether a disk could be filled. */
  readonly hasSmallDisk: boolean;
  /** What ended by itself, with its last words; it was begun again. */
  readonly ownEnds: readonly string[];
  /** What kept it from coming to a proper end, if anything. */
  readonly problems: readonly string[];
}

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const EVENTS_PER_SECOND = 60;
const RECOVERY_MS = 120_000;
const CALM_MS = 1_500;

/** Runs the whole pipeline under faults, then holds what is stored against what the market did. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const closers: (() => unknown)[] = [];
  try {
    return await run(options, closers);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function run(options: ChaosOptions, closers: (() => unknown)[]): Promise<ChaosResult> {
  const { seed, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'autotrader-chaos-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const disk = SmallDisk.open(join(folder, 'disk'));
  closers.push(() => disk.close());
  const database = await Database.open(join(folder, 'clickhouse'), (line) => say(`ClickHouse: ${line}`));
  closers.push(() => database.stop());
  const link = await FaultProxy.open(database.port);
  closers.push(() => link.close());
  const simulator = await startVenue(seed);
  closers.push(() => simulator.stop());
  const { wsUrl, restUrl } = simulator;
  const truth = new MarketTruth(restUrl, SYMBOLS);
  const collectors = Array.from({ length: options.collectors }, (_, at) => {
    const spoolDir = join(disk.spoolDir, String(at + 1));
    const settings = { clickhouseUrl: link.url, spoolDir, wsUrl, restUrl, symbols: SYMBOLS };
    return new CollectorProcess(settings, (line) => say(`collector ${at + 1}: ${line}`));
  });
  closers.push(() => Promise.all(collectors.map((collector) => collector.end())));
  const problems: string[] = [];
  const areLive = (): boolean => collectors.every(({ isLive }) => isLive);
  if (!(await until(areLive, RECOVERY_MS))) problems.push('a collector did not begin');
  const pipeline = { collectors, database, link, disk, cutVenue: () => simulator.faults.cut() };
  const faults = new Faults(pipeline, new Random(seed), say);
  const started = performance.now();
  await faults.run(options);
  const seconds = (performance.now() - started) / 1000;
  problems.push(...(await settle(simulator, collectors, database)));
  await truth.finish();
  say('comparing what is stored with what the market did');
  const streams: StreamResult[] = [];
  const bars: BarResult[] = [];
  for (const [symbol, trades] of truth.trades) {
    streams.push(await compareTrades(database, symbol, trades), await compareDepth(database, symbol));
    bars.push(await compareBars(database, symbol, trades));
  }
  const ownEnds = [
    ...collectors
      .flatMap(({ ownEnds: ends }) => ends)
      .map((words) => `a collector ended by itself: ${words}`),
    ...database.ownEnds.map((how) => `ClickHouse ended by itself: ${how}`),
  ];
  const counts = { seconds, faults: faults.counts, streams, bars };
  return {
    ...{ seed, collectors: options.collectors },
    ...counts,
    ...{ hasSmallDisk: disk.isOwn, ownEnds, problems },
  };
}

function startVenue(seed: number): Promise<BinanceSimulator> {
  return startBinanceSimulator({
    symbols: SYMBOLS,
    market: { seed, eventsPerSecond: EVENTS_PER_SECOND },
    maxConnectionAttempts: 1e6,
    maxWeightPerMinute: 1e9,
  });
}

/** Lets everything recover, stops the market, and the collectors once they have all. @returns what did not come to be. */
async function settle(
  simulator: BinanceSimulator,
  collectors: readonly CollectorProcess[],
  database: Database,
): Promise<string[]> {
  const problems: string[] = [];
  const areLive = (): boolean => collectors.every(({ isLive }) => isLive);
  if (!(await until(areLive, RECOVERY_MS))) problems.push('a collector did not recover');
  await delay(CALM_MS);
  simulator.market.pause();
  for (const symbol of SYMBOLS) {
    const { lastId } = simulator.sent.of(`${symbol.toLowerCase()}@trade`);
    const isStored = async (): Promise<boolean> => {
      const rows = await database.query<[number]>(
        `SELECT max(sequence_id) FROM market_data.tick_raw WHERE venue_symbol = '${symbol}' AND stream = 'trade'`,
      );
      return rows[0]?.[0] === lastId;
    };
    if (!(await until(isStored, RECOVERY_MS, 200)))
      problems.push(`the last trade of ${symbol} that was sent is not stored`);
  }
  for (const collector of collectors) {
    const code = await Promise.race([collector.finish(), delay(RECOVERY_MS, 'not in time', { ref: false })]);
    if (code !== 0) problems.push(`a collector did not end properly: ${code}`);
  }
  return problems;
}
