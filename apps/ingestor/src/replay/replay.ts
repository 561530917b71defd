import { readRecording, ReplayClock, startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { Config } from '../config/schema.js';
import { agrees, type LedgerRow, reconcile } from '../reconcile/ledger.js';
import { settle } from '../reconcile/settle.js';
import { Recording, type RecordingContext } from '../record/recording.js';
import { surveyRecording } from './survey.js';

/** How and where to. */
export interface ReplayOptions {
  readonly speed: 'max' | number;
  /** A server by its URL, or the folder of an embedded one. */
  readonly clickhouse: { readonly url: string } | { readonly dataDir: string };
}

/** What a replay prints. */
export interface ReplayReport {
  readonly recording: string;
  readonly streams: readonly LedgerRow[];
  readonly sent: number;
  readonly stored: number;
  readonly gaps: number;
  readonly quarantined: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** What was sent is what is stored, stream by stream. */
  readonly agree: boolean;
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
  const survey = await surveyRecording(file);
  const clock = new ReplayClock(survey.from);
  const simulator = await startBinanceSimulator({
    symbols: survey.symbols,
    market: false,
    replayClock: clock,
  });
  const { wsUrl, restUrl } = simulator;
  const config = Config.parse({
    venues: { binance: { symbols: survey.symbols, streams: survey.streams, wsUrl, restUrl } },
    clickhouse: options.clickhouse,
    http: { port: 0 },
  });
  try {
    const recording = await Recording.open(config, { ...context, clock });
    try {
      await recording.start();
      const startedAt = performance.now();
      const playing = simulator.play({ frames: readRecording(file), speed: options.speed, signal });
      await Promise.race([playing, recording.failure()]);
      await settle(
        () => simulator.sent.all(),
        () => recording.snapshots(),
      );
      await recording.flush();
      const seconds = (performance.now() - startedAt) / 1000;
      const rows = await reconcile('BINANCE', simulator.sent.all(), recording.storage, survey);
      return report(file, rows, recording, seconds);
    } finally {
      await recording.close();
    }
  } finally {
    await simulator.stop();
  }
}

function report(
  recording: string,
  rows: readonly LedgerRow[],
  from: Recording,
  seconds: number,
): ReplayReport {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const snapshots = from.snapshots();
  const stored = sum(rows.map((row) => row.stored));
  return {
    recording,
    streams: rows,
    sent: sum(rows.map((row) => row.sent)),
    stored,
    gaps: sum(snapshots.flatMap(({ streams }) => streams.map(({ gaps }) => gaps))),
    quarantined: sum(snapshots.map(({ quarantined }) => quarantined)),
    seconds: Number(seconds.toFixed(3)),
    eventsPerSecond: Math.round(stored / seconds),
    agree: agrees(rows),
  };
}
