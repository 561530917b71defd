import type { Micros } from '@autotrader/schemas';
import type { Batch } from '../batch/batch.js';
import { BatchBuffer } from '../batch/batch-buffer.js';
import { systemClock, type Clock } from '../clock.js';
import { Backoff } from '../connection/backoff.js';
import type { EventOutlet } from '../connection/connection.js';
import { Lane } from '../connection/lane.js';
import { RejectedError } from '../errors.js';
import { registerMetrics } from '../metrics/metrics.js';
import { LatencyHistogram } from '../metrics/latency-histogram.js';
import { Intake } from '../session/intake.js';
import { Subscription } from '../session/subscription.js';
import type { Instrument, Source } from '../source.js';
import type { WebSocketVenue } from '../venue.js';
import { Emitter } from './emitter.js';
import type { ConnectorEvents } from './events.js';
import type { ConnectorOptions } from './options.js';
import { checkStaleness } from './staleness.js';
import { type ConnectorSnapshot, snapshotOf } from './snapshot.js';
import { resolveSymbols } from './symbols.js';

const CHECK_EVERY_MS = 1_000;

/**
 * Market data of one venue: connects, subscribes, follows the ids, and hands every event to the callbacks
 * (`on`) and, where somebody pulls them, to the batches (`batches`).
 */
export class MarketDataConnector<Stream extends string = string> {
  readonly #emitter = new Emitter<ConnectorEvents>();
  readonly #latency = new LatencyHistogram();
  readonly #intake: Intake;
  readonly #clock: Clock;
  readonly #sources: Source[] = [];
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #lanes: Lane[] = [];
  readonly #stopping = new AbortController();
  #buffer: BatchBuffer | undefined;
  #checkTimer: NodeJS.Timeout | undefined;
  #reconnects = 0;
  #isPaused = false;
  #onceLive: (() => void)[] = [];

  constructor(
    private readonly venue: WebSocketVenue<Stream>,
    private readonly options: ConnectorOptions<Stream> & { readonly streams: readonly Stream[] },
  ) {
    this.#clock = options.clock ?? systemClock();
    this.#intake = new Intake(venue.name, this.#emitter, this.#latency, options.onQuarantine);
    if (options.registry !== undefined) registerMetrics(options.registry, () => this.snapshot());
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
   * Connects and subscribes; resolves when the venue has agreed to every stream. While the venue cannot be
   * reached it goes on trying and says so by `status`.
   * @throws RejectedError when the venue has none of the symbols; a symbol among good ones is an `error` event.
   * @throws TransportError when it is stopped before the venue was reached.
   */
  async start(): Promise<void> {
    this.#checkTimer ??= setInterval(() => this.#check(), CHECK_EVERY_MS);
    try {
      await this.subscribe(this.options.symbols);
    } catch (error) {
      clearInterval(this.#checkTimer);
      throw error;
    }
  }

  /**
   * Adds symbols to the streams of a running connector; resolves when the venue has agreed.
   * @throws as {@link start}.
   */
  async subscribe(symbols: readonly string[]): Promise<void> {
    const onRetry = (error: Error, retryInMs: number, tries: number): void =>
      this.#emitter.emit('status', { type: 'reconnecting', reason: error.message, retryInMs, tries });
    const backoff = this.#backoff();
    const resolved = await resolveSymbols(this.venue, symbols, backoff, onRetry, this.#stopping.signal);
    for (const { reason } of resolved.rejected)
      this.#emitter.emit('error', new RejectedError(this.venue.name, reason));
    const added = resolved.instruments.flatMap((instrument) => this.#subscriptionsOf(instrument));
    this.#place(added);
    await this.#live(added);
  }

  /** Leaves symbols off, by the venue's name or the canonical one. */
  unsubscribe(symbols: readonly string[]): Promise<void> {
    const wanted = new Set(symbols.map((symbol) => symbol.toUpperCase()));
    for (const lane of this.#lanes) {
      const leaving = [...lane.subscriptions].filter(
        ({ source }) => wanted.has(source.symbol) || wanted.has(source.venueSymbol),
      );
      if (leaving.length > 0) lane.unsubscribe(leaving);
      for (const subscription of leaving) {
        this.#intake.closeAbsence(subscription, this.#clock.now());
        this.#subscriptions.delete(keyOf(subscription.source));
      }
    }
    return Promise.resolve();
  }

  /**
   * The pull side: every event since this was first called, in column batches, until the connector is stopped.
   * A consumer that is slow slows the venue's socket; nothing is dropped. For one consumer.
   */
  batches(): AsyncGenerator<Batch, void, undefined> {
    return this.#openBuffer().batches();
  }

  /** Closes the connections and flushes what is buffered; leaves no handle open. */
  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    clearInterval(this.#checkTimer);
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    const now = this.#clock.now();
    for (const subscription of this.#subscriptions.values()) this.#intake.closeAbsence(subscription, now);
    this.#buffer?.close();
    this.#wakeWaiting();
    this.#emitter.emit('status', { type: 'stopped' });
  }

  /** How it stands: counts, streams, connections. */
  snapshot(): ConnectorSnapshot {
    return snapshotOf({
      venue: this.venue.name,
      subscriptions: [...this.#subscriptions.values()],
      lanes: this.#lanes,
      intake: this.#intake,
      latency: this.#latency,
      reconnects: this.#reconnects,
      callbackErrors: this.#emitter.callbackErrors,
      bufferedRows: this.#buffer?.rows ?? 0,
      isPaused: this.#isPaused,
    });
  }

  #openBuffer(): BatchBuffer {
    if (this.#buffer !== undefined) return this.#buffer;
    const { bufferSize = 1_000, flushIntervalMs = 1_000 } = this.options;
    const onPressure = (isPressed: boolean): void => this.#pause(isPressed);
    this.#buffer = new BatchBuffer(this.#sources, { bufferSize, flushIntervalMs, onPressure });
    this.#intake.buffer = this.#buffer;
    return this.#buffer;
  }

  #subscriptionsOf(instrument: Instrument): Subscription[] {
    return this.options.streams.flatMap((stream) => {
      const source: Source = { venue: this.venue.name, ...instrument, stream };
      if (this.#subscriptions.has(keyOf(source))) return [];
      const rule = this.venue.streams[stream];
      const { staleAfterMs = rule.staleAfterMs } = this.options;
      const index = this.#sources.push(source) - 1;
      const subscription = new Subscription(index, source, { ...rule, staleAfterMs }, this.#clock.now());
      this.#subscriptions.set(keyOf(source), subscription);
      return [subscription];
    });
  }

  #place(subscriptions: readonly Subscription[]): void {
    let rest = subscriptions;
    for (let index = 0; rest.length > 0; index++) {
      const lane = (this.#lanes[index] ??= this.#lane());
      if (lane.room <= 0) continue;
      const placed = rest.slice(0, lane.room);
      rest = rest.slice(placed.length);
      lane.subscribe(placed);
    }
  }

  #lane(): Lane {
    const listener = {
      onConnecting: () => this.#emitter.emit('status', { type: 'connecting', url: this.venue.url }),
      onLive: () => this.#wakeWaiting(),
      onLost: (reason: string, retryInMs: number, tries: number) => {
        this.#reconnects++;
        this.#emitter.emit('status', { type: 'reconnecting', reason, retryInMs, tries });
      },
      onRollOver: (reason: string) => this.#emitter.emit('status', { type: 'rollover', reason }),
    };
    return new Lane(this.venue, this.#clock, this.#outlet(), this.#backoff(), listener);
  }

  #outlet(): EventOutlet {
    const intake = this.#intake;
    return {
      tick: (subscription, tick) => intake.tick(subscription, tick),
      depth: (subscription, depth) => intake.depth(subscription, depth),
      bar: (subscription, bar) => intake.bar(subscription, bar),
      quarantine: (reason, frame, receivedAt) => intake.quarantine(reason, frame, receivedAt),
      precisionLost: (subscription, text) => intake.precisionLost(subscription, text),
      acknowledged: (subscriptions) => this.#acknowledged(subscriptions, this.#clock.now()),
      rejected: (subscriptions, reason) => {
        for (const subscription of subscriptions) subscription.state = 'rejected';
        this.#emitter.emit('error', new RejectedError(this.venue.name, reason));
      },
    };
  }

  #acknowledged(subscriptions: readonly Subscription[], now: Micros): void {
    for (const subscription of subscriptions) {
      subscription.state = 'live';
      if (subscription.rule.sequence !== 'contiguous') this.#intake.closeAbsence(subscription, now);
    }
  }

  #backoff(): Backoff {
    const { reconnectMinMs = 1_000, reconnectMaxMs = 60_000, random = Math.random } = this.options;
    return new Backoff({ minMs: reconnectMinMs, maxMs: reconnectMaxMs, random });
  }

  async #live(subscriptions: readonly Subscription[]): Promise<void> {
    const isSettled = ({ state }: Subscription): boolean => state === 'live' || state === 'rejected';
    while (!this.#stopping.signal.aborted && !subscriptions.every(isSettled)) {
      await new Promise<void>((resolve) => this.#onceLive.push(resolve));
    }
    if (!this.#stopping.signal.aborted)
      this.#emitter.emit('status', { type: 'live', streams: this.#subscriptions.size });
  }

  #wakeWaiting(): void {
    const waiting = this.#onceLive;
    this.#onceLive = [];
    for (const wake of waiting) wake();
  }

  #check(): void {
    for (const lane of this.#lanes) lane.check();
    checkStaleness(this.#subscriptions.values(), this.#clock.now(), (status) =>
      this.#emitter.emit('status', status),
    );
  }

  #pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    for (const lane of this.#lanes) lane.pause(isPaused);
    this.#emitter.emit('status', { type: 'back_pressure', isPaused });
  }
}

function keyOf({ venueSymbol, stream }: Source): string {
  return `${venueSymbol} ${stream}`;
}
