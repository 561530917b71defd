import type { Micros } from '@autotrader/schemas';
import type { Clock } from '../clock.js';
import { type ConnectorError, TransportError } from '../errors.js';
import type { Session, SessionOutlet } from '../session/session.js';
import type { Subscription } from '../session/subscription.js';
import { plainError } from '../transport/end-reason.js';
import type { Wire, WireListener } from '../transport/transport.js';
import type { Venue, VenueLimits } from '../venue.js';
import { Acknowledgements } from './acknowledgements.js';
import type { EventOutlet } from './event-outlet.js';
import { SendQueue } from './send-queue.js';
import { Silence } from './silence.js';

/** What a connection needs of its venue, with the limits that are in force. */
export type Endpoint = Pick<Venue, 'name' | 'transport' | 'openSession'> & { readonly limits: VenueLimits };

/** What a connection tells the lane it runs on. */
export interface ConnectionListener {
  /** The venue speaks: an answer to a subscription came. Said once. */
  onGood(): void;
  /** Everything asked for so far has been answered; said anew after every further question. */
  onLive(connection: Connection): void;
  /** The venue will end this connection soon. */
  onRollOver(connection: Connection, reason: string): void;
  /** It is over, and not by us; said once, never after {@link Connection.close} or {@link Connection.retire}. */
  onEnd(connection: Connection, error: ConnectorError): void;
}

const ANSWER_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 1_000;

/** One wire to the venue with its session, from the handshake to the end. It is never opened twice. */
export class Connection {
  /** Resolves when the wire is gone. */
  readonly gone: Promise<void>;
  readonly #wire: Wire<unknown>;
  readonly #session: Session;
  readonly #queue: SendQueue<unknown>;
  readonly #acknowledgements: Acknowledgements;
  readonly #silence: Silence;
  /** Agreed to, and cut off behind the venue's side of the wire. */
  readonly #interrupted = new Set<Subscription>();
  readonly #openedAt = performance.now();
  #state: 'opening' | 'open' | 'retired' | 'ended' = 'opening';
  #isGood = false;
  #isLive = false;

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
    const { promise, resolve } = deferred();
    this.gone = promise;
    this.#wire = endpoint.transport.open(this.#wireListener(resolve), subscriptions, answerWithinMs);
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

  /** Whether the venue was asked for this stream on this connection, or will be. */
  knows(subscription: Subscription): boolean {
    return this.#acknowledgements.has(subscription) || this.#acknowledgements.awaits(subscription);
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
    for (const subscription of subscriptions) this.#interrupted.delete(subscription);
    this.#settle();
  }

  /** Reads nothing more until {@link resume}; the venue's own buffers hold what it sends meanwhile. */
  pause(): void {
    if (this.#state === 'opening' || this.#wire.isPaused) return;
    this.#silence.listen(false, this.clock.now());
    this.#wire.pause();
  }

  resume(): void {
    if (!this.#wire.isPaused) return;
    this.#silence.listen(true, this.clock.now());
    this.#wire.resume();
  }

  /** Called every second or so: ends it when the venue has been silent for too long, no frame and no sign of life. */
  check(): void {
    const silent = this.#silence.check(this.clock.now());
    if (silent >= this.endpoint.limits.silenceMs)
      this.#fail(`no sign of life for ${(silent / 1000).toFixed(1)} s`);
  }

  /** Ends it from our side at once: nothing that still comes is looked at. Resolves when the wire is gone. */
  close(): Promise<void> {
    this.#state = 'ended';
    if (this.#wire.isPaused) this.#wire.resume();
    return this.#hangUp();
  }

  /** Ends it from our side, but takes what the venue sent before it heard of that. Resolves when the wire is gone. */
  retire(): Promise<void> {
    this.#state = 'retired';
    return this.#hangUp();
  }

  #hangUp(): Promise<void> {
    this.#release();
    this.#wire.close();
    const timer = setInterval(() => {
      if (!this.#wire.isPaused) this.#wire.terminate();
    }, CLOSE_WITHIN_MS);
    return this.gone.then(() => clearInterval(timer));
  }

  #wireListener(gone: () => void): WireListener<unknown> {
    return {
      onOpen: () => this.#opened(),
      onFrame: (frame) => this.#receive(frame),
      onAlive: () => this.#silence.heard(),
      onClosed: (error) => {
        gone();
        this.#end(error);
      },
    };
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
        for (const subscription of subscriptions) this.#interrupted.delete(subscription);
        events.acknowledged(subscriptions);
        this.#answered();
      },
      rejected: (subscriptions, reason) => {
        this.#acknowledgements.forget(subscriptions);
        events.rejected(subscriptions, reason);
        this.#answered();
      },
      interrupted: (subscriptions, since, reason) => {
        for (const subscription of subscriptions) this.#interrupted.add(subscription);
        this.#isLive = false;
        events.interrupted(subscriptions, since, reason);
      },
      degraded: events.degraded.bind(events),
      send: (message) => this.#queue.push(message),
      rollOver: (reason) => {
        if (this.#state === 'open') this.listener.onRollOver(this, reason);
      },
      fail: (reason) => this.#fail(reason),
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
      this.#fail(`internal error: ${plainError(error)}`);
    }
  }

  #transmit(message: unknown): void {
    this.#acknowledgements.wait();
    this.#wire.send(message);
  }

  /** A venue that answers nothing is of no use; one that answers others may have lost these on the way. */
  #overdue(): void {
    if (this.#state !== 'open') return;
    if (this.#queue.isWaiting || this.#wire.isPaused) this.#acknowledgements.wait();
    else if (!this.#isGood) this.#fail('the venue did not acknowledge the subscription');
    else {
      const { awaited } = this.#acknowledgements;
      this.events.unanswered(awaited);
      this.#ask(awaited);
    }
  }

  #receive(frame: unknown): void {
    if (this.#state === 'ended') return;
    const receivedAt = this.clock.stampFrame();
    this.#silence.heard();
    try {
      this.#session.receive(frame, receivedAt);
    } catch (error) {
      const bytes = this.endpoint.transport.bytesOf(frame);
      this.events.quarantine(`internal error: ${plainError(error)}`, bytes, receivedAt);
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
    if (this.#state !== 'open' || this.#isLive) return;
    if (!this.#acknowledgements.isComplete || this.#interrupted.size > 0) return;
    this.#isLive = true;
    this.listener.onLive(this);
  }

  #fail(reason: string): void {
    this.#end(new TransportError(this.endpoint.name, reason));
  }

  #end(error: ConnectorError): void {
    if (this.#state === 'retired' || this.#state === 'ended') return;
    this.#state = 'ended';
    this.#release();
    this.#wire.terminate();
    this.listener.onEnd(this, error);
  }

  #release(): void {
    this.#acknowledgements.close();
    this.#queue.close();
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
