import type { Clock } from '../clock.js';
import { type ConnectorError, RateLimitedError } from '../errors.js';
import type { Subscription } from '../session/subscription.js';
import type { Backoff } from './backoff.js';
import { Connection, type ConnectionListener, type Endpoint } from './connection.js';
import type { EventOutlet } from './event-outlet.js';
import { Takeover } from './takeover.js';

/** What a lane tells its connector. */
export interface LaneListener {
  onConnecting(): void;
  /** Every stream of the lane has been agreed to. */
  onLive(): void;
  /** The lane has lost its connection; it tries again after the wait, which is 0 when another one took over. */
  onLost(error: ConnectorError, retryInMs: number, tries: number): void;
  onRollOver(reason: string): void;
}

/**
 * Keeps one set of streams connected: reconnects with backing off, and replaces a connection that will end soon
 * by a new one that runs beside it until the venue has agreed to every stream there.
 */
export class Lane implements ConnectionListener {
  readonly subscriptions = new Set<Subscription>();
  #current: Connection | undefined;
  #takeover: Takeover | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #rollOverTimer: NodeJS.Timeout | undefined;
  readonly #leaving = new Set<Promise<void>>();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
    private readonly events: EventOutlet,
    private readonly backoff: Backoff,
    private readonly listener: LaneListener,
    private isPaused: boolean,
  ) {}

  get isLive(): boolean {
    return this.#current?.isLive === true;
  }

  /** Streams that still fit on the lane. */
  get room(): number {
    return this.endpoint.limits.streamsPerConnection - this.subscriptions.size;
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.subscriptions.add(subscription);
    if (this.#current === undefined) {
      if (this.#retryTimer === undefined) this.#connect();
    } else if (this.endpoint.transport.isExtendable) {
      this.#current.subscribe(subscriptions);
      this.#takeover?.subscribe(subscriptions);
    } else this.#extend(this.#current);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.subscriptions.delete(subscription);
    this.#current?.unsubscribe(subscriptions);
    this.#takeover?.waiting?.unsubscribe(subscriptions);
  }

  /** The venue refused these: they are not asked for again. */
  forget(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.subscriptions.delete(subscription);
    this.#current?.forget(subscriptions);
    this.#takeover?.waiting?.forget(subscriptions);
  }

  /** Stops reading (or reads again), so that a slow consumer slows the venue's socket and not our memory. */
  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    for (const connection of [this.#current, this.#takeover?.other]) {
      if (isPaused) connection?.pause();
      else connection?.resume();
    }
    this.#handOver();
  }

  /** Called every second or so: looks for silence and old age. */
  check(): void {
    this.#current?.check();
    this.#takeover?.waiting?.check();
    const { connectionLifetimeMs } = this.endpoint.limits;
    if (this.#current !== undefined && this.#current.age > connectionLifetimeMs) {
      this.onRollOver(this.#current, 'the connection nears the end of its life');
    }
    if (this.#current !== undefined) this.#extend(this.#current);
  }

  /** Ends every connection; resolves when no socket is left. */
  async close(): Promise<void> {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#rollOverTimer);
    this.#takeover?.finish();
    for (const connection of [this.#current, this.#takeover?.other]) {
      if (connection !== undefined) this.#see(connection.close());
    }
    this.#current = undefined;
    this.#takeover = undefined;
    await Promise.all(this.#leaving);
  }

  onGood(): void {
    this.backoff.reset();
  }

  onLive(connection: Connection): void {
    if (this.isPaused) connection.pause();
    if (connection === this.#current) this.listener.onLive();
    else this.#handOver();
  }

  onRollOver(connection: Connection, reason: string): void {
    if (connection !== this.#current || this.#takeover !== undefined || this.#rollOverTimer !== undefined)
      return;
    this.#takeover = new Takeover(reason, this.subscriptions, this.events, (events) => this.#open(events));
    this.listener.onRollOver(reason);
  }

  onEnd(connection: Connection, error: ConnectorError): void {
    this.#see(connection.gone);
    if (connection === this.#current) this.#lose(connection, error);
    else if (connection === this.#takeover?.waiting)
      this.#rollOverLater(this.#takeover.reason, error.message);
  }

  /** A connection whose request named its streams is followed by one that has all of them. */
  #extend(current: Connection): void {
    const isComplete = [...this.subscriptions].every((subscription) => current.knows(subscription));
    if (!isComplete) this.onRollOver(current, 'streams were added');
  }

  #connect(): void {
    this.#retryTimer = undefined;
    this.#current = this.#open(this.events);
    this.listener.onConnecting();
  }

  #open(events: EventOutlet): Connection {
    return new Connection(this.endpoint, [...this.subscriptions], this.clock, events, this);
  }

  /** Nothing is read while the consumer is behind, so the old connection could not have its last word. */
  #handOver(): void {
    const takeover = this.#takeover;
    const old = this.#current;
    if (this.isPaused || takeover?.waiting?.isLive !== true || old === undefined) return;
    this.#current = takeover.waiting;
    const done = takeover.from(old).then(() => {
      if (this.#takeover === takeover) this.#takeover = undefined;
    });
    this.#see(done);
    this.listener.onLive();
  }

  /** The new connection failed while the old one still runs. */
  #rollOverLater(reason: string, failure: string): void {
    this.#takeover = undefined;
    this.#rollOverTimer = setTimeout(() => {
      this.#rollOverTimer = undefined;
      if (this.#current !== undefined) this.onRollOver(this.#current, `${reason} (before: ${failure})`);
    }, this.backoff.next());
  }

  #lose(connection: Connection, error: ConnectorError): void {
    const next = this.#takeover?.waiting;
    this.#current = next;
    this.#markLost(connection, next);
    if (next === undefined) {
      // Were an old one just leaving, its last events are still welcome.
      this.#takeover?.release();
      if (error.retryable) this.#connectLater(error);
      else this.events.rejected([...this.subscriptions], error.message);
      return;
    }
    this.#takeover?.finish();
    this.#takeover = undefined;
    this.listener.onLost(error, 0, this.backoff.tries);
    if (next.isLive) this.listener.onLive();
  }

  #connectLater(error: ConnectorError): void {
    clearTimeout(this.#rollOverTimer);
    this.#rollOverTimer = undefined;
    const asked = error instanceof RateLimitedError ? error.retryAfterMs : 0;
    const retryInMs = Math.max(this.backoff.next(), asked);
    this.#retryTimer = setTimeout(() => this.#connect(), retryInMs);
    this.listener.onLost(error, retryInMs, this.backoff.tries);
  }

  #markLost(connection: Connection, next: Connection | undefined): void {
    for (const subscription of this.subscriptions) {
      if (subscription.state !== 'live' || next?.carries(subscription) === true) continue;
      subscription.state = 'lost';
      if (subscription.lostAt === 0) subscription.lostAt = connection.lostSince(subscription);
    }
  }

  /** Remembers what is under way until it is done, so that {@link close} can wait for it. */
  #see(leaving: Promise<void>): void {
    this.#leaving.add(leaving);
    void leaving.then(() => this.#leaving.delete(leaving));
  }
}
