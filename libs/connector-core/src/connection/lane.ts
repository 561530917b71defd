import type { Clock } from '../clock.js';
import type { Subscription } from '../session/subscription.js';
import type { WebSocketVenue } from '../venue.js';
import type { Backoff } from './backoff.js';
import { Connection, type ConnectionListener, type EventOutlet } from './connection.js';

/** What a lane tells its connector. */
export interface LaneListener {
  onConnecting(): void;
  /** Every stream of the lane has been agreed to. */
  onLive(): void;
  /** The lane has no connection; it tries again after the wait. */
  onLost(reason: string, retryInMs: number, tries: number): void;
  onRollOver(reason: string): void;
}

/**
 * Keeps one set of streams connected: reconnects with backing off, and replaces a connection that will end soon
 * by a new one that runs beside it until the venue has agreed to every stream there.
 */
export class Lane implements ConnectionListener {
  readonly subscriptions = new Set<Subscription>();
  #current: Connection | undefined;
  #successor: Connection | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isPaused = false;

  constructor(
    private readonly venue: WebSocketVenue<string>,
    private readonly clock: Clock,
    private readonly events: EventOutlet,
    private readonly backoff: Backoff,
    private readonly listener: LaneListener,
  ) {}

  get isLive(): boolean {
    return this.#current?.isLive === true;
  }

  /** Streams that still fit on the lane. */
  get room(): number {
    return this.venue.limits.streamsPerConnection - this.subscriptions.size;
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.subscriptions.add(subscription);
    if (this.#current !== undefined) this.#current.subscribe(subscriptions);
    else if (this.#retryTimer === undefined) this.#connect();
    this.#successor?.subscribe(subscriptions);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.subscriptions.delete(subscription);
    this.#current?.unsubscribe(subscriptions);
    this.#successor?.unsubscribe(subscriptions);
  }

  /** Stops reading (or reads again), so that a slow consumer slows the venue's socket and not our memory. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    for (const connection of [this.#current, this.#successor]) {
      if (isPaused) connection?.pause();
      else connection?.resume();
    }
  }

  /** Called every second or so: looks for silence and old age. */
  check(): void {
    this.#current?.checkSilence();
    this.#successor?.checkSilence();
    const { connectionLifetimeMs } = this.venue.limits;
    if (this.#current !== undefined && this.#current.age > connectionLifetimeMs) {
      this.onRollOver(this.#current, 'the connection nears the end of its life');
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    await Promise.all([this.#current?.close(), this.#successor?.close()]);
    this.#current = undefined;
    this.#successor = undefined;
  }

  onGood(): void {
    this.backoff.reset();
  }

  onLive(connection: Connection): void {
    if (connection === this.#successor) {
      void this.#current?.close();
      this.#current = connection;
      this.#successor = undefined;
      this.#markOverlap(false);
    }
    if (this.#isPaused) connection.pause();
    this.listener.onLive();
  }

  onRollOver(connection: Connection, reason: string): void {
    if (connection !== this.#current || this.#successor !== undefined || this.#isClosed) return;
    this.listener.onRollOver(reason);
    this.#markOverlap(true);
    this.#successor = this.#open();
  }

  onEnd(connection: Connection, reason: string): void {
    if (this.#isClosed) return;
    this.#markOverlap(false);
    if (connection === this.#successor) {
      this.#successor = undefined;
      if (this.#current !== undefined) return;
    } else if (this.#successor !== undefined) {
      // The old connection ended before the new one was ready: what lies between is lost, the new one goes on.
      this.#current = this.#successor;
      this.#successor = undefined;
      this.#markLost(connection);
      return;
    }
    this.#current = undefined;
    this.#markLost(connection);
    const retryInMs = this.backoff.next();
    this.#retryTimer = setTimeout(() => this.#connect(), retryInMs);
    this.listener.onLost(reason, retryInMs, this.backoff.tries);
  }

  #connect(): void {
    this.#retryTimer = undefined;
    if (this.subscriptions.size === 0) return;
    this.listener.onConnecting();
    this.#current = this.#open();
  }

  #open(): Connection {
    return new Connection(this.venue, [...this.subscriptions], this.clock, this.events, this);
  }

  #markOverlap(isOverlapping: boolean): void {
    for (const subscription of this.subscriptions) subscription.isOverlapping = isOverlapping;
  }

  #markLost(connection: Connection): void {
    for (const subscription of this.subscriptions) {
      if (subscription.state !== 'live') continue;
      subscription.state = 'lost';
      if (subscription.lostAt === 0)
        subscription.lostAt = Math.max(subscription.lastReceivedAt, connection.lastHeardAt);
    }
  }
}
