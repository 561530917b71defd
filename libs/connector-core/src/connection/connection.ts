import type { Micros } from '@autotrader/schemas';
import WebSocket from 'ws';
import type { Clock } from '../clock.js';
import type { Session, SessionOutlet } from '../session/session.js';
import type { Subscription } from '../session/subscription.js';
import type { WebSocketVenue } from '../venue.js';
import { Acknowledgements } from './acknowledgements.js';
import { closeReason, plainError } from './end-reason.js';
import type { EventOutlet } from './event-outlet.js';
import { SendQueue } from './send-queue.js';
import { Silence } from './silence.js';

/** What a connection needs of its venue. */
export type Endpoint = Pick<WebSocketVenue, 'url' | 'limits' | 'openSession'>;

/** What a connection tells the lane it runs on. */
export interface ConnectionListener {
  /** The venue speaks: an answer to a subscription came. Said once. */
  onGood(): void;
  /** Everything asked for so far has been answered; said anew after every further question. */
  onLive(connection: Connection): void;
  /** The venue will end this connection soon. */
  onRollOver(connection: Connection, reason: string): void;
  /** It is over, and not by us; said once, never after {@link Connection.close} or {@link Connection.retire}. */
  onEnd(connection: Connection, reason: string): void;
}

const ANSWER_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 1_000;

/** One socket to the venue with its session, from the handshake to the end. It is never opened twice. */
export class Connection {
  /** Resolves when the socket is gone. */
  readonly gone: Promise<void>;
  readonly #socket: WebSocket;
  readonly #session: Session;
  readonly #queue: SendQueue;
  readonly #acknowledgements: Acknowledgements;
  readonly #silence: Silence;
  readonly #openedAt = performance.now();
  #state: 'opening' | 'open' | 'retired' | 'ended' = 'opening';
  #isGood = false;
  #isLive = false;
  #lastError = '';

  constructor(
    private readonly endpoint: Endpoint,
    subscriptions: readonly Subscription[],
    private readonly clock: Clock,
    private readonly events: EventOutlet,
    private readonly listener: ConnectionListener,
  ) {
    const { messagesPerSecond, answerWithinMs = ANSWER_WITHIN_MS } = endpoint.limits;
    this.#silence = new Silence(clock.now());
    this.#acknowledgements = new Acknowledgements(answerWithinMs, () => this.#overdue());
    this.#acknowledgements.expect(subscriptions);
    this.#queue = new SendQueue(messagesPerSecond, (message) => this.#transmit(message));
    this.#session = endpoint.openSession(this.#outlet());
    // Broken UTF-8 belongs into quarantine like any other bad frame; the library would end the connection for it.
    const options = { handshakeTimeout: answerWithinMs, perMessageDeflate: false, skipUTF8Validation: true };
    const socket = new WebSocket(endpoint.url, options);
    this.#socket = socket;
    this.gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('open', () => this.#opened());
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('ping', () => this.#silence.heard());
    socket.on('error', (error) => (this.#lastError = plainError(error)));
    socket.on('close', (code: number, reason: Buffer) =>
      this.#end(closeReason(code, reason, this.#lastError)),
    );
  }

  /** How old it is, in milliseconds. */
  get age(): number {
    return performance.now() - this.#openedAt;
  }

  /** It is open, and everything asked for so far has been answered. */
  get isLive(): boolean {
    return this.#state === 'open' && this.#isLive;
  }

  /** The venue's events of this stream may be missing since then, by our clock, microseconds, if it ended now. */
  lostSince({ lastReceivedAt, liveSince }: Subscription): Micros {
    return this.#silence.deafSince ?? Math.max(lastReceivedAt, liveSince, this.#silence.aliveAt);
  }

  /** Whether the venue has agreed to this stream on this connection. */
  carries(subscription: Subscription): boolean {
    return this.#acknowledgements.has(subscription);
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    this.#acknowledgements.expect(subscriptions);
    if (this.#state === 'open') this.#ask(subscriptions);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    this.forget(subscriptions);
    if (this.#state === 'open') this.#session.unsubscribe(subscriptions);
  }

  /** Waits for no answer to these any more. */
  forget(subscriptions: readonly Subscription[]): void {
    this.#acknowledgements.forget(subscriptions);
    this.#settle();
  }

  /** Reads nothing more until {@link resume}; the venue's own buffers hold what it sends meanwhile. */
  pause(): void {
    if (this.#state === 'opening' || this.#socket.isPaused) return;
    this.#silence.listen(false, this.clock.now());
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#socket.isPaused) return;
    this.#silence.listen(true, this.clock.now());
    this.#socket.resume();
  }

  /** Called every second or so: ends it when the venue has been silent for too long, no frame and no ping. */
  check(): void {
    const silent = this.#silence.check(this.clock.now());
    if (silent >= this.endpoint.limits.silenceMs)
      this.#end(`no sign of life for ${(silent / 1000).toFixed(1)} s`);
  }

  /** Ends it from our side at once: nothing that still comes is looked at. Resolves when the socket is gone. */
  close(): Promise<void> {
    this.#state = 'ended';
    if (this.#socket.isPaused) this.#socket.resume();
    return this.#hangUp();
  }

  /** Ends it from our side, but takes what the venue sent before it heard of that. Resolves when the socket is gone. */
  retire(): Promise<void> {
    this.#state = 'retired';
    return this.#hangUp();
  }

  #hangUp(): Promise<void> {
    this.#release();
    this.#socket.close(1000);
    const timer = setInterval(() => {
      if (!this.#socket.isPaused) this.#socket.terminate();
    }, CLOSE_WITHIN_MS);
    return this.gone.then(() => clearInterval(timer));
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
        this.#acknowledgements.give(subscriptions);
        events.acknowledged(subscriptions);
        this.#answered();
      },
      rejected: (subscriptions, reason) => {
        this.#acknowledgements.forget(subscriptions);
        events.rejected(subscriptions, reason);
        this.#answered();
      },
      send: (message) => this.#queue.push(message),
      rollOver: (reason) => {
        if (this.#state === 'open') this.listener.onRollOver(this, reason);
      },
      fail: (reason) => this.#end(reason),
    };
  }

  #opened(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#silence.heard();
    this.#queue.open();
    this.#ask(this.#acknowledgements.awaited);
  }

  #ask(subscriptions: readonly Subscription[]): void {
    if (subscriptions.length === 0) return this.#settle();
    this.#isLive = false;
    this.#acknowledgements.wait();
    try {
      this.#session.subscribe(subscriptions);
    } catch (error) {
      this.#end(`internal error: ${plainError(error)}`);
    }
  }

  #transmit(message: string): void {
    this.#acknowledgements.wait();
    this.#socket.send(message);
  }

  /** A venue that answers nothing is of no use; one that answers others may have lost these on the way. */
  #overdue(): void {
    if (this.#state !== 'open') return;
    if (this.#queue.isWaiting || this.#socket.isPaused) this.#acknowledgements.wait();
    else if (!this.#isGood) this.#end('the venue did not acknowledge the subscription');
    else {
      const { awaited } = this.#acknowledgements;
      this.events.unanswered(awaited);
      this.#ask(awaited);
    }
  }

  #receive(frame: Buffer): void {
    if (this.#state === 'ended') return;
    const receivedAt = this.clock.stampFrame();
    this.#silence.heard();
    try {
      this.#session.receive(frame, receivedAt);
    } catch (error) {
      this.events.quarantine(`internal error: ${plainError(error)}`, frame, receivedAt);
    }
  }

  #answered(): void {
    if (this.#state !== 'open') return;
    if (!this.#isGood) {
      this.#isGood = true;
      this.listener.onGood();
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#state !== 'open' || this.#isLive || !this.#acknowledgements.isComplete) return;
    this.#isLive = true;
    this.listener.onLive(this);
  }

  #end(reason: string): void {
    if (this.#state === 'retired' || this.#state === 'ended') return;
    this.#state = 'ended';
    this.#release();
    this.#socket.terminate();
    this.listener.onEnd(this, reason);
  }

  #release(): void {
    this.#acknowledgements.close();
    this.#queue.close();
  }
}
