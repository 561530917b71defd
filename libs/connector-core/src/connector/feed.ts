import type { Clock } from '../clock.js';
import { Backoff } from '../connection/backoff.js';
import type { Endpoint } from '../connection/connection.js';
import type { EventOutlet } from '../connection/event-outlet.js';
import { Lane, type LaneListener } from '../connection/lane.js';
import { Lanes } from '../connection/lanes.js';
import { type ConnectorError, RejectedError, TransportError } from '../errors.js';
import type { Intake } from '../session/intake.js';
import type { Subscription } from '../session/subscription.js';
import type { Instrument } from '../source.js';
import type { Venue } from '../venue.js';
import type { Micros } from '@autotrader/schemas';
import type { Emitter } from './emitter.js';
import type { ConnectorEvents } from './events.js';
import { backoffOptions, type Settings } from './options.js';
import { checkStaleness } from './staleness.js';
import { SubscriptionList } from './subscription-list.js';
import { Waiters } from './waiters.js';

const MOST_CHECK_EVERY_MS = 1_000;

/** The connections of one connector and what is subscribed on them: from the venue's frames to the intake. */
export class Feed {
  readonly subscriptions = new SubscriptionList();
  readonly lanes = new Lanes(() => this.#createLane());
  /** What went wrong and is counted nowhere else, by kind. */
  readonly errors = { transport: 0, rate_limited: 0, rejected: 0 };
  reconnects = 0;
  isPaused = false;
  readonly #waiters = new Waiters();
  #checkTimer: NodeJS.Timeout | undefined;
  #readingSince = 0;
  #isStopped = false;

  constructor(
    private readonly venue: Venue,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly emitter: Emitter<ConnectorEvents>,
    private readonly intake: Intake,
  ) {}

  /**
   * Subscribes to every stream of these; resolves when the venue has answered for each of them.
   * @throws RejectedError when it has refused all of them. TransportError when the feed is stopped before.
   */
  async subscribe(instruments: readonly Instrument[]): Promise<void> {
    this.#checkNotStopped();
    const asked = instruments.flatMap((instrument) => this.#subscriptionsOf(instrument));
    this.lanes.subscribe(asked.filter((subscription) => !this.lanes.carry(subscription)));
    this.#watch();
    await this.#waiters.until(() => this.#isStopped || asked.every((one) => this.#isSettled(one)));
    this.#checkNotStopped();
    if (!asked.every(({ state }) => state === 'rejected')) return;
    throw new RejectedError(this.venue.name, [...new Set(asked.map(({ rejection }) => rejection))].join(' '));
  }

  /** Leaves symbols off, by the venue's name or the canonical one. */
  unsubscribe(symbols: readonly string[]): void {
    const leaving = this.subscriptions.named(symbols);
    this.lanes.unsubscribe(leaving);
    for (const subscription of leaving) {
      this.intake.closeAbsence(subscription, this.clock.now());
      this.subscriptions.remove(subscription);
    }
    this.#watch();
    this.#waiters.wake();
  }

  /** Something went wrong that is tried again. */
  countRetry(error: ConnectorError): void {
    this.errors[error.kind === 'rate_limited' ? 'rate_limited' : 'transport']++;
  }

  /** Stops reading, or reads again. */
  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.#readingSince = this.clock.now();
    this.lanes.pause(isPaused);
    this.emitter.emit('status', { type: 'back_pressure', isPaused });
  }

  /** Ends every connection; what was away from the venue just then is a gap. Resolves when no socket is left. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#waiters.wake();
    const closed = this.lanes.close();
    this.#watch();
    await closed;
    const now = this.clock.now();
    for (const subscription of this.subscriptions) this.intake.closeAbsence(subscription, now);
  }

  #checkNotStopped(): void {
    if (this.#isStopped) throw new TransportError(this.venue.name, 'stopped before the venue was reached');
  }

  #subscriptionsOf(instrument: Instrument): Subscription[] {
    return this.settings.streams.map((stream) => {
      const rule = this.venue.streams[stream];
      // The settings name no stream that the venue does not have.
      if (rule === undefined) throw new RangeError(`no such stream: ${stream}`);
      const { staleAfterMs = rule.staleAfterMs } = this.settings;
      const source = { venue: this.venue.name, ...instrument, stream };
      const position = this.settings.resumeFrom?.(source);
      return this.subscriptions.add(source, { ...rule, staleAfterMs }, this.clock.now(), position);
    });
  }

  /** Live or refused; or given up by the user before either. */
  #isSettled(subscription: Subscription): boolean {
    const { state } = subscription;
    return state === 'live' || state === 'rejected' || !this.subscriptions.has(subscription);
  }

  #createLane(): Lane {
    const { venue, settings } = this;
    const endpoint: Endpoint = {
      name: venue.name,
      limits: settings.limits,
      transport: venue.transport,
      openSession: (outlet) => venue.openSession(outlet),
    };
    const backoff = new Backoff(backoffOptions(settings));
    return new Lane(endpoint, this.clock, this.#outlet(), backoff, this.#listener(), this.isPaused);
  }

  #listener(): LaneListener {
    const { emitter } = this;
    return {
      onConnecting: () => emitter.emit('status', { type: 'connecting', url: this.venue.transport.address }),
      onLive: () => {
        if (this.lanes.isLive) emitter.emit('status', { type: 'live', streams: this.lanes.streams });
      },
      onLost: (error, retryInMs, tries) => {
        this.reconnects++;
        this.countRetry(error);
        emitter.emit('status', { type: 'reconnecting', reason: error.message, retryInMs, tries });
      },
      onRollOver: (reason) => emitter.emit('status', { type: 'rollover', reason }),
    };
  }

  #outlet(): EventOutlet {
    const { intake, emitter } = this;
    return {
      tick: (subscription, tick) => intake.tick(subscription, tick),
      depth: (subscription, depth) => intake.depth(subscription, depth),
      bar: (subscription, bar) => intake.bar(subscription, bar),
      quarantine: (reason, frame, receivedAt) => intake.quarantine(reason, frame, receivedAt),
      precisionLost: (subscription, text) => intake.precisionLost(subscription, text),
      acknowledged: (subscriptions) => this.#acknowledged(subscriptions),
      rejected: (subscriptions, reason) => this.#rejected(subscriptions, reason),
      interrupted: (subscriptions, since, reason) => this.#interrupted(subscriptions, since, reason),
      degraded: ({ source }, reason) => emitter.emit('status', { type: 'degraded', source, reason }),
      unanswered: (subscriptions) => this.#unanswered(subscriptions),
    };
  }

  #acknowledged(subscriptions: readonly Subscription[]): void {
    const now = this.clock.now();
    for (const subscription of subscriptions) {
      if (subscription.state !== 'live') subscription.liveSince = now;
      subscription.state = 'live';
      if (subscription.rule.sequence !== 'contiguous') this.intake.closeAbsence(subscription, now);
    }
    this.#waiters.wake();
  }

  #interrupted(subscriptions: readonly Subscription[], since: Micros, reason: string): void {
    for (const subscription of subscriptions) {
      if (subscription.state !== 'live') continue;
      subscription.state = 'lost';
      if (subscription.lostAt === 0) subscription.lostAt = Math.max(since, subscription.liveSince);
    }
    this.emitter.emit('status', { type: 'interrupted', reason, streams: subscriptions.length });
  }

  #rejected(subscriptions: readonly Subscription[], reason: string): void {
    const now = this.clock.now();
    for (const subscription of subscriptions) {
      subscription.state = 'rejected';
      subscription.rejection = reason;
      this.intake.closeAbsence(subscription, now);
    }
    this.errors.rejected++;
    this.emitter.emit('error', new RejectedError(this.venue.name, reason));
    this.lanes.forget(subscriptions);
    this.#watch();
    this.#waiters.wake();
  }

  #unanswered(subscriptions: readonly Subscription[]): void {
    const names = subscriptions.map(({ source }) => `${source.venueSymbol} ${source.stream}`).join(', ');
    this.errors.transport++;
    const message = `the venue does not answer the subscription of ${names}: asked again`;
    this.emitter.emit('error', new TransportError(this.venue.name, message));
  }

  /** Looks after the connections as long as there are any. */
  #watch(): void {
    if (this.lanes.size > 0) {
      this.#checkTimer ??= setInterval(() => this.#check(), this.#checkEveryMs());
    } else {
      clearInterval(this.#checkTimer);
      this.#checkTimer = undefined;
    }
  }

  /** Four times within the shortest time that is watched, and once a second at least. */
  #checkEveryMs(): number {
    const { limits, staleAfterMs = Infinity } = this.settings;
    const shortest = Math.min(limits.silenceMs, limits.connectionLifetimeMs, staleAfterMs);
    return Math.min(MOST_CHECK_EVERY_MS, Math.ceil(shortest / 4));
  }

  #check(): void {
    this.lanes.check();
    if (this.isPaused) return;
    checkStaleness(this.subscriptions, this.clock.now(), this.#readingSince, (status) =>
      this.emitter.emit('status', status),
    );
  }
}
