import type { Registry } from 'prom-client';
import type { Clock } from '../clock.js';

/** What every connector can be told; all of it has a sensible default. */
export interface ConnectorOptions<Stream extends string = string> {
  /** Symbols, by the venue's name (`BTCUSDT`) or the canonical one (`BTC/USDT`). */
  readonly symbols: readonly string[];
  /** Streams of every symbol; the venue's default where it is left out. */
  readonly streams?: readonly Stream[];
  /** Rows that make a batch of {@link MarketDataConnector.batches}; 1,000 by default. */
  readonly bufferSize?: number;
  /** Longest time a row waits for its batch to fill, in milliseconds; 1,000 by default. */
  readonly flushIntervalMs?: number;
  /** First wait before a reconnect, in milliseconds; doubles with every failure. 1,000 by default. */
  readonly reconnectMinMs?: number;
  /** Longest wait before a reconnect, in milliseconds; 60,000 by default. */
  readonly reconnectMaxMs?: number;
  /** Silence of a subscribed stream that is an alarm, in milliseconds; the venue's own rule a stream by default. */
  readonly staleAfterMs?: number;
  /** Where metrics are registered; several connectors may share one. None by default. */
  readonly registry?: Registry;
  /** Where times come from; the system's clock by default. */
  readonly clock?: Clock;
  /** 0 to 1, uniform, for the jitter of waits; `Math.random` by default. */
  readonly random?: () => number;
  /** Told of every frame that does not parse, before it is stored. */
  readonly onQuarantine?: (reason: string, frame: Uint8Array) => void;
}
