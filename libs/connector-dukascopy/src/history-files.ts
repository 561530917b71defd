import type { Micros } from '@autotrader/schemas';
import type { DukascopyInstrument } from './instruments.js';
import type { CandleInterval, CandleSide } from './normalize.js';
import type { Period } from './periods.js';
import type { RawCandles, RawTicks } from './raw.js';

/** One of the two ways to the same history. */
export type WayName = 'bi5' | 'jetta';

/** A file of the venue, read. */
export interface HistoryFile<Content> {
  /** `undefined`: the venue has none for this time. */
  readonly content: Content | undefined;
  /** The way it came. */
  readonly way: WayName;
  /** SHA-256 of its bytes, in hex; empty when there is none. */
  readonly checksum: string;
  /** When we had its bytes, microseconds: those of a cache, too, are had when they are read. */
  readonly receivedAt: Micros;
}

/** Which candles. */
export interface CandleFile {
  readonly interval: CandleInterval;
  readonly side: CandleSide;
  readonly period: Period;
}

/**
 * A way to the history of the venue.
 * @throws TransportError, RateLimitedError when the venue cannot be asked just now, after the retries.
 */
export interface HistoryFiles {
  ticks(instrument: DukascopyInstrument, hour: Period, signal: AbortSignal): Promise<HistoryFile<RawTicks>>;
  candles(
    instrument: DukascopyInstrument,
    file: CandleFile,
    signal: AbortSignal,
  ): Promise<HistoryFile<RawCandles>>;
}
