import type { Batch, Instrument } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';

/** A time: from its first moment to the first one after it, microseconds. */
export interface TimeRange {
  readonly from: Micros;
  readonly to: Micros;
}

/** A date of a calendar; a day beyond its month is one of the next. */
export interface CalendarDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** What was fetched of a time. */
export interface Fetched {
  readonly batches: readonly Batch[];
  /** SHA-256 of what came, in hex; empty where the venue has nothing. */
  readonly checksum: string;
  /** The way it came: `bi5`, `jetta`, `rest`. */
  readonly source: string;
}

/** What a back-fill brings: one kind of history of one venue. */
export interface Dataset {
  /** As it stands in the ledger: `dukascopy ticks`. */
  readonly name: string;
  /** In capitals. */
  readonly venue: string;
  /** What stands in `stream` of its events. */
  readonly stream: string;
  /** What its rows are, and where: each counts to the time it begins in. */
  readonly rows: 'tick' | 'bars';
  /** Of bars: their length. */
  readonly interval?: string;
  /** Of bars: what prices are adjusted for; empty for nothing. */
  readonly adjustment?: string;
  /** The instrument of a symbol. @throws RejectedError for one the venue does not have. */
  instrument(symbol: string, signal: AbortSignal): Promise<Instrument>;
  /** When a date of the market begins: in UTC, of shares in New York. */
  startOfDay(instrument: Instrument, date: CalendarDate): Micros;
  /** The days of the market that a time is in. */
  days(instrument: Instrument, range: TimeRange): Iterable<TimeRange>;
  /** The times it is fetched by, in their order, from where the venue has something; the same ones whoever asks. */
  tasks(instrument: Instrument, range: TimeRange, now: Micros): Iterable<TimeRange>;
  /** Whether a time may still get more. */
  isOpen(time: TimeRange, now: Micros): boolean;
  /** Requests that a time takes, as far as can be told before. */
  requestsOf(time: TimeRange): number;
  /** Seconds that so many requests take at the limiter's pace. */
  secondsFor(requests: number): number;
  /** The parts of a time in each of which there should be something, for the market was open; none where that cannot be told. */
  expected(instrument: Instrument, range: TimeRange): Iterable<TimeRange>;
  /**
   * Fetches a time.
   * @throws RejectedError when the venue refuses for good; TransportError, RateLimitedError after the retries.
   */
  fetch(instrument: Instrument, time: TimeRange, signal: AbortSignal): Promise<Fetched>;
}
