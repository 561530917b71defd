import type { Micros } from '@autotrader/schemas';
import WebSocket from 'ws';
import type { Clock } from '../clock.js';
import type { Session, SessionOutlet } from '../session/session.js';
import type { Subscription } from '../session/subscription.js';
import type { WebSocketVenue } from '../venue.js';
import { SendQueue } from './send-queue.js';

/** What a connection tells the lane it runs on. */
export interface ConnectionListener {
  /** The venue speaks: an acknowledgement or data came. Said once. */
  onGood(): void;
  /** Everything asked for so far has been agreed to. */
  onLive(connection: Connection): void;
  /** The venue will end this connection soon. */
  onRollOver(connection: Connection, reason: string): void;
  /** It is over, by whichever side; said once, never after {@link Connection.close}. */
  onEnd(connection: Connection, reason: string): void;
}

/** The session's outlet as far as the connection itself has no part in it. */
export type EventOutlet = Pick<SessionOutlet, 'tick' | 'depth' | 'bar' | 'quarantine' | 'precisionLost'> & {
  acknowledged(subscriptions: readonly Subscription[]): void;
  rejected(subscriptions: readonly Subscription[], reason: string): void;
};

const HANDSHAKE_TIMEOUT_MS = 10_000;
const ACKNOWLEDGE_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 1_000;

/** One socket to the venue with its session, from the handshake to the end. It is never opened twice. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #session: Session;
  readonly #queue: SendQueue;
  readonly #unacknowledged = new Set<Subscription>();
  #acknowledgeTimer: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isEnded = false;
  #isGood = false;
  /** Set by every frame and ping; read and cleared by {@link checkSilence}, so that a frame costs no clock. */
  #wasHeard = false;
  #lastHeard = performance.now();
  #lastHeardAt: Micros = 0;
  #lastError = '';
  readonly #openedAt = performance.now();

  constructor(
    private readonly venue: WebSocketVenue<string>,
    subscriptions: readonly Subscription[],
    private readonly clock: Clock,
    private readonly events: EventOutlet,
    private readonly listener: ConnectionListener,
  ) {
    this.#session = venue.openSession(this.#outlet());
    // Broken UTF-8 belongs into quarantine like any other bad frame; the library would end the connection for it.
    const options = {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    };
    this.#socket = new WebSocket(venue.url, options);
    this.#queue = new SendQueue(venue.limits.messagesPerSecond, (message) => this.#socket.send(message));
    for (const subscription of subscriptions) this.#unacknowledged.add(subscription);
    this.#socket.on('open', () => this.#opened(subscriptions));
    this.#socket.on('message', (data: Buffer) => this.#receive(data));
    this.#socket.on('ping', () => (this.#wasHeard = true));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => (this.#lastError = plain(error)));
    this.#socket.on('close', (code: number, reason: Buffer) =>
      this.#ended(closeReason(code, reason, this.#lastError)),
    );
  }

  /** How old it is, in milliseconds. */
  get age(): number {
    return performance.now() - this.#openedAt;
  }

  /** Everything asked for so far has been agreed to. */
  get isLive(): boolean {
    return this.#isOpen && !this.#isEnded && this.#unacknowledged.size === 0;
  }

  /** When it was last known to be alive, by our clock, microseconds; at most a check too early. */
  get lastHeardAt(): Micros {
    return this.#lastHeardAt;
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.#unacknowledged.add(subscription);
    if (this.#isOpen) this.#ask(subscriptions);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) this.#unacknowledged.delete(subscription);
    if (this.#isOpen) this.#session.unsubscribe(subscriptions);
  }

  /** Reads nothing more until {@link resume}; the venue's own buffers hold what it sends meanwhile. */
  pause(): void {
    if (this.#isOpen) this.#socket.pause();
  }

  resume(): void {
    this.#lastHeard = performance.now();
    if (this.#socket.isPaused) this.#socket.resume();
  }

  /** Called every second or so: ends it when the venue has been silent for too long, no frame and no ping. */
  checkSilence(): void {
    const now = performance.now();
    if (this.#wasHeard || this.#socket.isPaused) {
      this.#wasHeard = false;
      this.#lastHeard = now;
      this.#lastHeardAt = this.clock.now();
    }
    const silent = now - this.#lastHeard;
    if (silent >= this.venue.limits.silenceMs)
      this.#ended(`no sign of life for ${Math.round(silent / 1000)} s`);
  }

  /** Ends it from our side; resolves when the socket is gone. */
  close(): Promise<void> {
    this.#isEnded = true;
    this.#release();
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#socket.terminate(), CLOSE_WITHIN_MS);
      this.#socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.resume();
      this.#socket.close(1000);
    });
  }

  #outlet(): SessionOutlet {
    const { events } = this;
    return {
      tick: events.tick.bind(events),
      depth: events.depth.bind(events),
      bar: events.bar.bind(events),
      quarantine: events.quarantine.bind(events),
      precisionLost: events.precisionLost.bind(events),
      acknowledged: (subscriptions) => {
        for (const subscription of subscriptions) this.#unacknowledged.delete(subscription);
        events.acknowledged(subscriptions);
        this.#settle();
      },
      rejected: (subscriptions, reason) => {
        for (const subscription of subscriptions) this.#unacknowledged.delete(subscription);
        events.rejected(subscriptions, reason);
        this.#settle();
      },
      send: (message) => this.#queue.push(message),
      rollOver: (reason) => this.listener.onRollOver(this, reason),
      fail: (reason) => this.#ended(reason),
    };
  }

  #opened(subscriptions: readonly Subscription[]): void {
    this.#isOpen = true;
    this.#wasHeard = true;
    this.#ask(subscriptions);
  }

  #ask(subscriptions: readonly Subscription[]): void {
    clearTimeout(this.#acknowledgeTimer);
    this.#acknowledgeTimer = setTimeout(() => {
      if (this.#unacknowledged.size > 0) this.#ended('the venue did not acknowledge the subscription');
    }, ACKNOWLEDGE_WITHIN_MS);
    this.#session.subscribe(subscriptions);
  }

  #receive(frame: Buffer): void {
    if (this.#isEnded) return;
    const receivedAt = this.clock.stampFrame();
    this.#wasHeard = true;
    try {
      this.#session.receive(frame, receivedAt);
    } catch (error) {
      this.events.quarantine(`internal error: ${plain(error)}`, frame, receivedAt);
    }
  }

  #settle(): void {
    if (!this.#isGood) {
      this.#isGood = true;
      this.listener.onGood();
    }
    if (this.#unacknowledged.size > 0) return;
    clearTimeout(this.#acknowledgeTimer);
    this.listener.onLive(this);
  }

  #ended(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#release();
    this.#socket.terminate();
    this.listener.onEnd(this, reason);
  }

  #release(): void {
    clearTimeout(this.#acknowledgeTimer);
    this.#queue.close();
  }
}

/** An error in one line; Node puts several addresses' failures into one error without a message. */
function plain(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return plain(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}

function closeReason(code: number, reason: Buffer, lastError: string): string {
  if (lastError !== '') return lastError;
  const text = reason.toString();
  return `closed by the venue (${code}${text === '' ? '' : `: ${text}`})`;
}
