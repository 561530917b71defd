import type { Registry } from 'prom-client';
import type { Clock } from '../clock.js';
import type { BackoffOptions } from '../connection/backoff.js';
import type { StreamPosition } from '../session/subscription.js';
import type { Source } from '../source.js';
import type { Venue, VenueLimits } from '../venue.js';

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
  /** Shortest wait before a reconnect, in milliseconds; doubles with every failure. 1,000 by default. */
  readonly reconnectMinMs?: number;
  /** Longest wait before a reconnect, in milliseconds; 60,000 by default. */
  readonly reconnectMaxMs?: number;
  /** Silence of a subscribed stream that is an alarm, in milliseconds; the venue's own rule a stream by default. */
  readonly staleAfterMs?: number;
  /**
   * Where a stream stood when it was last recorded, asked once a stream: what the venue sent since then and we did
   * not hear is a gap. Without it a stream begins with its first event.
   */
  readonly resumeFrom?: ((source: Source) => StreamPosition | undefined) | undefined;
  /** Limits in place of the venue's own: for a venue that has changed them, and for tests. */
  readonly limits?: Partial<VenueLimits>;
  /** Where metrics are registered; several connectors may share one. None by default. */
  readonly registry?: Registry;
  /** Where times come from; the system's clock by default. */
  readonly clock?: Clock | undefined;
  /** 0 to 1, uniform, for the jitter of waits; `Math.random` by default. */
  readonly random?: () => number;
  /** Told of every frame that does not parse, before it is stored. */
  readonly onQuarantine?: (reason: string, frame: Uint8Array) => void;
}

/** Every option that has a default, with it. */
export interface Settings extends ConnectorOptions {
  readonly streams: readonly string[];
  readonly bufferSize: number;
  readonly flushIntervalMs: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  readonly limits: VenueLimits;
  readonly random: () => number;
}

/**
 * Fills in what the user left out.
 * @throws RangeError when an option cannot be meant: one line that names it.
 */
export function settingsOf(
  venue: Venue,
  options: ConnectorOptions & { readonly streams: readonly string[] },
): Settings {
  const { bufferSize = 1_000, flushIntervalMs = 1_000, random = Math.random } = options;
  const { reconnectMinMs = 1_000, reconnectMaxMs = Math.max(60_000, reconnectMinMs) } = options;
  const limits = { ...venue.limits, ...options.limits };
  for (const [name, value] of Object.entries({
    bufferSize,
    streamsPerConnection: limits.streamsPerConnection,
  })) {
    if (!Number.isInteger(value)) throw new RangeError(`${name} is not a whole number: ${value}`);
  }
  const positive = {
    bufferSize,
    flushIntervalMs,
    reconnectMinMs,
    staleAfterMs: options.staleAfterMs,
    ...limits,
  };
  for (const [name, value] of Object.entries(positive)) {
    if (value !== undefined && !(value > 0)) throw new RangeError(`${name} is not above 0: ${value}`);
  }
  if (!(reconnectMaxMs >= reconnectMinMs))
    throw new RangeError(
      `reconnectMaxMs (${reconnectMaxMs}) is less than reconnectMinMs (${reconnectMinMs})`,
    );
  if (options.streams.length === 0)
    throw new RangeError(`no streams: ${venue.name} has ${streamNames(venue)}`);
  for (const stream of options.streams) {
    if (!Object.hasOwn(venue.streams, stream))
      throw new RangeError(`${venue.name} has no stream ${stream}: it has ${streamNames(venue)}`);
  }
  return { ...options, bufferSize, flushIntervalMs, reconnectMinMs, reconnectMaxMs, random, limits };
}

/** How long to wait before a reconnect. */
export function backoffOptions(settings: Settings): BackoffOptions {
  return { minMs: settings.reconnectMinMs, maxMs: settings.reconnectMaxMs, random: settings.random };
}

function streamNames({ streams }: Venue): string {
  return Object.keys(streams).join(', ');
}
