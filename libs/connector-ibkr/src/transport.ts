import type { Socket } from 'node:net';
import {
  type ConnectorError,
  oneLine,
  plainError,
  RejectedError,
  type Transport,
  TransportError,
  type Wire,
  type WireListener,
} from '@autotrader/connector-core';
import { ErrorCode, EventName, IBApi } from '@stoqey/ib';
import { type Calls, make } from './calls.js';
import type { ClientIds } from './client-ids.js';
import { FrameReader } from './frame-reader.js';
import { ANSWERED, type IbEvent, UNDECODED } from './ib-event.js';
import { interceptData, socketOf } from './library-socket.js';
import { wrongField } from './message-layout.js';
import type { TickByTickPacing } from './tick-by-tick-pacing.js';
import { VENUE } from './venue-name.js';

const CLIENT_ID_IN_USE = 326;
/** TWS closes at 50 messages a second. */
const MOST_REQUESTS_PER_SECOND = 40;
/** TWS on this machine answers at once; one in another place within a second. */
const GREETED_WITHIN_MS = 10_000;

/** What the library tells beside the venue's messages. */
const OWN_EVENTS: ReadonlySet<string> = new Set<string>([
  ...[EventName.received, EventName.sent, EventName.connected, EventName.server, EventName.result],
  ...[EventName.disconnected, EventName.managedAccounts],
]);

/** How TWS is reached. */
export interface TwsSettings {
  readonly host: string;
  readonly port: number;
  readonly clientIds: ClientIds;
  readonly pacing: TickByTickPacing;
  /** TWS is asked for its time that often, milliseconds: nothing else tells that it is there. */
  readonly keepAliveMs: number;
}

/**
 * TWS or IB Gateway through `@stoqey/ib`, which owns the protocol: a frame is an event of the library, a message one or more of
 * its calls. https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/
 */
export function twsTransport(settings: TwsSettings): Transport<IbEvent, Calls> {
  return {
    address: `tws://${settings.host}:${settings.port}`,
    isExtendable: true,
    open: (listener, _subscriptions, withinMs) =>
      new TwsWire(settings, listener, Math.min(withinMs, GREETED_WITHIN_MS)),
    bytesOf: ({ bytes }) => bytes,
  };
}

class TwsWire implements Wire<Calls> {
  readonly #clientId: number;
  readonly #api: IBApi;
  readonly #socket: Socket;
  readonly #decode: (frame: Buffer) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #greeting: NodeJS.Timeout | undefined;
  #keepAlive: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isEnding = false;
  readonly #fences: number[] = [];
  #ending: ConnectorError = new TransportError(VENUE, 'TWS closed the connection');
  /** The message the library is at. */
  #frame: Buffer = Buffer.alloc(0);
  /** The library could not decode it: what it still makes of it is not taken. */
  #isFrameBad = false;

  constructor(
    private readonly settings: TwsSettings,
    private readonly listener: WireListener<IbEvent>,
    withinMs: number,
  ) {
    const { host, port, clientIds } = settings;
    this.#clientId = clientIds.take();
    this.#api = new IBApi({ host, port, clientId: this.#clientId, maxReqPerSec: MOST_REQUESTS_PER_SECOND });
    this.#api.on(EventName.all, (name: string, args: unknown[]) => this.#event(name, args));
    this.#api.connect(this.#clientId);
    this.#socket = socketOf(this.#api);
    const reader = new FrameReader({
      onFrame: (frame) => this.#read(frame),
      onBroken: (rest) => this.#break(rest, 'no length of a message'),
    });
    this.#decode = interceptData(this.#socket, (chunk) => reader.push(chunk));
    this.#socket.on('close', () => this.#closed());
    this.#greeting = setTimeout(() => this.#give(`TWS at ${host}:${port} does not greet`), withinMs);
  }

  get isPaused(): boolean {
    return this.#socket.isPaused();
  }

  send({ calls, pacedBy, fence }: Calls): void {
    const waitMs = pacedBy === undefined ? 0 : this.settings.pacing.take(pacedBy, performance.now());
    const makeAll = (): void => {
      for (const call of calls) make(this.#api, call);
      if (fence !== undefined) this.#askBehind(fence);
    };
    if (waitMs <= 0) return makeAll();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      makeAll();
    }, waitMs);
    this.#timers.add(timer);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.terminate();
  }

  terminate(): void {
    // The library says something of a second goodbye, which whoever said it would hear, and answer with a third.
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#api.disconnect();
  }

  /** TWS answers in the order it is asked: this one is answered when all before it are. */
  #askBehind(fence: number): void {
    this.#fences.push(fence);
    this.#api.reqIds(1);
  }

  #give(reason: string): void {
    this.#ending = new TransportError(VENUE, reason);
    this.terminate();
  }

  #read(frame: Buffer): void {
    this.#frame = frame;
    this.#isFrameBad = false;
    const wrong = wrongField(fieldsOf(frame));
    if (wrong !== undefined) return this.listener.onFrame({ name: UNDECODED, args: [wrong], bytes: frame });
    try {
      this.#decode(frame);
    } catch (error) {
      this.#break(frame, plainError(error));
    }
  }

  /** What the library cannot read may have left it anywhere: it is ended, and begun anew. */
  #break(bytes: Buffer, reason: string): void {
    this.listener.onFrame({ name: UNDECODED, args: [oneLine(reason)], bytes });
    this.#give(`a message of TWS could not be decoded: ${oneLine(reason)}`);
  }

  #event(name: string, args: readonly unknown[]): void {
    if (name === (EventName.nextValidId as string)) return this.#isOpen ? this.#answered() : this.#opened();
    if (name === (EventName.error as string) && this.#isOwnError(args)) return;
    if (name === (EventName.info as string) && args[1] === CLIENT_ID_IN_USE) return this.#takeAnotherId();
    if (OWN_EVENTS.has(name) || this.#isFrameBad || this.#isEnding) return;
    this.listener.onFrame({ name, args, bytes: this.#frame });
  }

  #answered(): void {
    const fence = this.#fences.shift();
    if (fence !== undefined) this.listener.onFrame({ name: ANSWERED, args: [fence], bytes: this.#frame });
  }

  #opened(): void {
    this.#isOpen = true;
    clearTimeout(this.#greeting);
    this.#keepAlive = setInterval(() => this.#api.reqCurrentTime(), this.settings.keepAliveMs);
    this.listener.onOpen();
  }

  /** Whether an error is one of the library's own, about the connection or a message. */
  #isOwnError([error, code]: readonly unknown[]): boolean {
    const { host, port } = this.settings;
    const text = oneLine(plainError(error));
    switch (code) {
      case ErrorCode.CONNECT_FAIL:
        this.#ending = new TransportError(
          VENUE,
          `TWS cannot be reached at ${host}:${port} (${text}): is TWS or IB Gateway running, its API enabled, and this its port?`,
        );
        return true;
      case ErrorCode.UNSUPPORTED_VERSION:
      case ErrorCode.UPDATE_TWS:
        this.#ending = new RejectedError(VENUE, `TWS at ${host}:${port} cannot be talked to: ${text}`);
        return true;
      case ErrorCode.UNKNOWN_ID:
        if (this.#isFrameBad) return true; // of one message it may say more than one thing
        this.#isFrameBad = true;
        this.listener.onFrame({ name: UNDECODED, args: [text], bytes: this.#frame });
        return true;
      default:
        return false;
    }
  }

  #takeAnotherId(): void {
    this.settings.clientIds.refuse(this.#clientId);
    this.#give(`TWS already has a client with id ${this.#clientId}: another id is tried`);
  }

  #closed(): void {
    clearTimeout(this.#greeting);
    clearInterval(this.#keepAlive);
    for (const timer of this.#timers) clearTimeout(timer);
    this.settings.clientIds.giveBack(this.#clientId);
    this.#api.removeAllListeners();
    this.listener.onClosed(this.#ending);
  }
}

/** The fields of a message as text: each has a NUL behind it. */
function fieldsOf(frame: Buffer): string[] {
  const fields = frame.toString('utf8', 4).split('\0');
  // What is behind the last NUL is empty, or a field that was cut short.
  if (fields.at(-1) === '') fields.pop();
  return fields;
}
