import type { OHLCV } from '@autotrader/schemas';
import type { Batch } from '../batch/batch.js';
import { BatchBuffer } from '../batch/batch-buffer.js';
import { type Clock, systemClock } from '../clock.js';
import { Backoff } from '../connection/backoff.js';
import { type ConnectorError, RejectedError } from '../errors.js';
import { LatencyHistogram } from '../metrics/latency-histogram.js';
import { registerMetrics } from '../metrics/metrics.js';
import { Intake } from '../session/intake.js';
import { type KeptFrame, rereadFrames, type RereadResult } from '../session/kept-frames.js';
import type { ResolvedSymbols, Venue } from '../venue.js';
import { Emitter } from './emitter.js';
import type { ConnectorEvents } from './events.js';
import { Feed } from './feed.js';
import { backoffOptions, type ConnectorOptions, type Settings, settingsOf } from './options.js';
import { type ConnectorSnapshot, snapshotOf } from './snapshot.js';
import { resolveSymbols } from './symbols.js';

/**
 * Market data of one venue: connects, subscribes, follows the ids, and hands every event to the callbacks
 * (`on`) and, where somebody pulls them, to the batches (`batches`).
 */
export class MarketDataConnector {
  readonly #venue: Venue;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<ConnectorEvents>();
  readonly #latency = new LatencyHistogram();
  readonly #intake: Intake;
  readonly #feed: Feed;
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | undefined;
  #buffer: BatchBuffer | undefined;

  /** @throws RangeError when an option cannot be meant. */
  constructor(venue: Venue, options: ConnectorOptions & { readonly streams: readonly string[] }) {
    const { clock = systemClock(), registry, onQuarantine } = options;
    this.#venue = venue;
    this.#clock = clock;
    this.#settings = settingsOf(venue, options);
    this.#intake = new Intake(venue.name, this.#emitter, this.#latency, onQuarantine);
    this.#feed = new Feed(venue, this.#settings, clock, this.#emitter, this.#intake);
    if (registry !== undefined) registerMetrics(registry, () => this.snapshot());
  }

  /** Calls back on every event of this name; a callback that throws is counted and disturbs nothing. */
  on<Name extends keyof ConnectorEvents>(name: Name, callback: (event: ConnectorEvents[Name]) => void): this {
    this.#emitter.on(name, callback);
    return this;
  }

  /** Ends what {@link on} began. */
  off<Name extends keyof ConnectorEvents>(
    name: Name,
    callback: (event: ConnectorEvents[Name]) => void,
  ): this {
    this.#emitter.off(name, callback);
    return this;
  }

  /**
   * Connects and subscribes; resolves when the venue has agreed to every stream it does not refuse. While the venue
   * cannot be reached it goes on trying and says so by `status`.
   * @throws RejectedError when the venue has none of the symbols; a symbol among good ones is an `error` event.
   * @throws TransportError when it is stopped before.
   */
  async start(): Promise<void> {
    await this.subscribe(this.#settings.symbols);
  }

  /**
   * Adds symbols to the streams of a running connector; resolves when the venue has agreed.
   * @throws as {@link start}.
   */
  async subscribe(symbols: readonly string[]): Promise<void> {
    const { instruments } = await this.#resolve(symbols);
    await this.#feed.subscribe(instruments);
  }

  async #resolve(symbols: readonly string[]): Promise<ResolvedSymbols> {
    const { errors } = this.#feed;
    const onRetry = (error: ConnectorError, retryInMs: number, tries: number): void => {
      this.#feed.countRetry(error);
      this.#emitter.emit('status', { type: 'reconnecting', reason: error.message, retryInMs, tries });
    };
    const backoff = new Backoff(backoffOptions(this.#settings));
    const resolved = await resolveSymbols(this.#venue, symbols, backoff, onRetry, this.#stopping.signal);
    for (const { reason } of resolved.rejected) {
      errors.rejected++;
      this.#emitter.emit('error', new RejectedError(this.#venue.name, reason));
    }
    return resolved;
  }

  /** Leaves symbols off, by the venue's name or the canonical one. */
  async unsubscribe(symbols: readonly string[]): Promise<void> {
    this.#feed.unsubscribe(symbols);
  }

  /**
   * The pull side: every event since this was first called, in column batches, until the connector is stopped.
   * A consumer that is slow slows the venue's socket; nothing is dropped. For one consumer; when it leaves, the rest
   * waits for the next call.
   */
  batches(): AsyncGenerator<Batch, void, undefined> {
    this.#buffer ??= this.#openBuffer();
    return this.#buffer.batches();
  }

  /**
   * Takes in frames that were kept (a quarantine), in the order in which they came, without connecting: what they say goes to the callbacks and
   * to the batches, with the times of receipt they had. The symbols are looked up at the venue. Not for a connector that was started.
   * @throws RejectedError when the venue has none of the symbols, or its frames do not say what they are of.
   */
  async reread(frames: AsyncIterable<KeptFrame> | Iterable<KeptFrame>): Promise<RereadResult> {
    const { streams, symbols } = this.#settings;
    const { instruments } = await this.#resolve(symbols);
    const { subscriptions } = this.#feed;
    return rereadFrames(frames, {
      ...{ venue: this.#venue, streams, instruments, subscriptions },
      ...{ intake: this.#intake, now: this.#clock.now() },
    });
  }

  /** Closes the connections and flushes what is buffered; leaves no handle open. A stopped connector stays stopped. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** How it stands: counts, streams, connections. */
  snapshot(): ConnectorSnapshot {
    return snapshotOf({
      venue: this.#venue.name,
      feed: this.#feed,
      intake: this.#intake,
      latency: this.#latency,
      callbackErrors: this.#emitter.callbackErrors,
      bufferedRows: this.#buffer?.rows ?? 0,
    });
  }

  /** Takes in a bar that came by another way than the connections, as from a venue's history; the intake's order holds. */
  protected addBar(bar: OHLCV): void {
    this.#intake.addBar(bar);
  }

  /** Tells of something that went wrong beside the connections; it is counted by its kind. */
  protected report(error: ConnectorError): void {
    if (error.retryable) this.#feed.countRetry(error);
    else this.#feed.errors.rejected++;
    this.#emitter.emit('error', error);
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#feed.stop();
    this.#buffer?.close();
    this.#emitter.emit('status', { type: 'stopped' });
  }

  #openBuffer(): BatchBuffer {
    const { bufferSize, flushIntervalMs } = this.#settings;
    const onPressure = (isPressed: boolean): void => this.#feed.pause(isPressed);
    const buffer = new BatchBuffer(this.#feed.subscriptions.sources, {
      bufferSize,
      flushIntervalMs,
      onPressure,
    });
    if (this.#stopping.signal.aborted) buffer.close();
    else this.#intake.buffer = buffer;
    return buffer;
  }
}
