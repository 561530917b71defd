import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BinanceSimulator,
  readRecording,
  ReplayClock,
  startBinanceSimulator,
} from '@autotrader/connector-binance/testing';
import { Config } from '../config/schema.js';
import { reconcile } from '../reconcile/ledger.js';
import { settle } from '../reconcile/settle.js';
import { Recording, type RecordingContext } from '../record/recording.js';
import { ended } from '../serve.js';
import { progressText } from './progress.js';
import { type ReplayReport, reportOf } from './report.js';
import { type Survey, surveyRecording } from './survey.js';

/** How and where to. */
export interface ReplayOptions {
  readonly speed: 'max' | number;
  /** A server by its URL, or the folder of an embedded one. */
  readonly clickhouse: { readonly url: string } | { readonly dataDir: string };
}

/**
 * Plays a recording through the simulator, a real socket and the real ingestor. The clock is the recording's own
 * receive time, frame by frame, so that two replays give identical rows.
 * @throws UserError when the recording cannot be read; otherwise as {@link Recording.open}.
 */
export async function replay(
  file: string,
  options: ReplayOptions,
  context: RecordingContext,
  signal: AbortSignal,
): Promise<ReplayReport> {
  const onProgress = (frames: number): void =>
    context.statusLine.show(`reading ${file}: ${frames.toLocaleString('en-US')} frames`);
  const survey = await surveyRecording(file, { onProgress, signal });
  context.statusLine.clear();
  const clock = new ReplayClock(survey.from);
  const simulator = await startBinanceSimulator({ symbols: survey.symbols, market: false });
  // Before anybody connects: every message counts, answers too.
  simulator.onFrame((receivedAt) => clock.push(receivedAt));
  const progress = (): string => progressText(simulator.sent.counts(), survey.frames);
  // It needs to survive nothing: a replay that was interrupted is played again.
  const spool = await mkdtemp(join(tmpdir(), 'autotrader-replay-'));
  try {
    const config = replayConfig(survey, simulator, spool, options);
    const recording = await Recording.open(config, { ...context, clock, progress, origin: 'backfill' });
    try {
      const seconds = await play(file, recording, simulator, options, signal);
      const sent = simulator.sent.counts();
      const rows = await reconcile('BINANCE', sent, recording.store, survey);
      return reportOf(file, rows, sent, survey, recording.snapshots(), seconds);
    } finally {
      await recording.close();
    }
  } finally {
    await simulator.stop();
    await rm(spool, { recursive: true, force: true });
  }
}

function replayConfig(
  { symbols, streams }: Survey,
  { wsUrl, restUrl }: BinanceSimulator,
  spool: string,
  { clickhouse }: ReplayOptions,
): Config {
  const venues = { binance: { symbols, streams, wsUrl, restUrl } };
  return Config.parse({ venues, clickhouse, spool: { dir: spool }, http: { port: 0 } });
}

/** Resolves when everything that was played is stored. @returns how long that took, in seconds. */
async function play(
  file: string,
  recording: Recording,
  simulator: BinanceSimulator,
  { speed }: ReplayOptions,
  signal: AbortSignal,
): Promise<number> {
  await Promise.race([recording.start(), ended(signal)]);
  const startedAt = performance.now();
  const playing = simulator.play({ frames: readRecording(file), speed, signal });
  await Promise.race([playing, recording.failure()]);
  await settle(
    () => simulator.sent.counts(),
    () => recording.snapshots(),
  );
  await recording.drain();
  return (performance.now() - startedAt) / 1000;
}
