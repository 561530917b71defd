import { type BinanceStream, streamOfWire } from '@autotrader/connector-binance';
import { type RecordedFrame, readRecording } from '@autotrader/connector-binance/testing';
import type { Micros } from '@autotrader/schemas';
import { UserError } from '@autotrader/runtime';

/** What a recording holds, found by reading it once. */
export interface Survey {
  readonly symbols: readonly string[];
  readonly streams: readonly BinanceStream[];
  readonly frames: number;
  /** Receive times of its first and last frame, microseconds. */
  readonly from: Micros;
  readonly to: Micros;
}

/** How a survey is followed, and ended. */
export interface SurveyOptions {
  /** Told now and then how many frames there are so far. */
  readonly onProgress?: (frames: number) => void;
  readonly signal?: AbortSignal;
}

const PROGRESS_EVERY = 10_000;

/**
 * Reads a recording for its streams.
 * @throws UserError when it cannot be read, holds a stream that we do not know or none at all, or was not read to its end.
 */
export async function surveyRecording(file: string, options: SurveyOptions = {}): Promise<Survey> {
  const symbols = new Set<string>();
  const streams = new Set<BinanceStream>();
  let frames = 0;
  let from = Infinity;
  let to = 0;
  for await (const frame of framesOf(file)) {
    from = Math.min(from, frame.receivedAt);
    to = Math.max(to, frame.receivedAt);
    if (frame.stream === undefined) continue;
    frames++;
    if (frames % PROGRESS_EVERY === 0) options.onProgress?.(frames);
    if (options.signal?.aborted) throw new UserError(`${file}: ended before it was read`);
    const [symbol = '', ...suffix] = frame.stream.split('@');
    const stream = streamOfWire(suffix.join('@'));
    if (stream === undefined)
      throw new UserError(`${file}: the stream ${frame.stream} is not one that is recorded`);
    symbols.add(symbol.toUpperCase());
    streams.add(stream);
  }
  if (frames === 0) throw new UserError(`${file}: holds no frame of a stream`);
  return { symbols: [...symbols], streams: [...streams], frames, from, to };
}

/** @throws UserError with the reader's line: no such file, a damaged archive, a malformed line. */
async function* framesOf(file: string): AsyncGenerator<RecordedFrame> {
  try {
    yield* readRecording(file);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}
