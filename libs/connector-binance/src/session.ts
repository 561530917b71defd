import type { Session, SessionOutlet, Subscription } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { KnownLayout } from './known-layout.js';
import { firstIssue, payloadOf } from './payloads.js';
import { Envelope, WireRefusal, WireReply, WireServerShutdown } from './protocol.js';
import { wireName } from './streams.js';

/** A request's list of streams stays far below any limit of a message's size. */
const STREAMS_PER_REQUEST = 200;
/** The largest frames of the venue are diffs of a few hundred kilobytes in a crash of the market. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * One connection to `/stream`: asks for streams, knows the answers, and turns frames into events.
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 */
export class BinanceSession implements Session {
  readonly #streams = new Map<string, Subscription>();
  /** Left off; frames on their way when we asked are no errors. */
  readonly #left = new Set<string>();
  readonly #requests = new Map<number, readonly Subscription[]>();
  readonly #known = new KnownLayout();
  #nextId = 1;

  constructor(private readonly outlet: SessionOutlet) {}

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#streams.set(nameOf(subscription), subscription);
      this.#left.delete(nameOf(subscription));
      this.#known.add(subscription);
    }
    this.#request('SUBSCRIBE', subscriptions);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#streams.delete(nameOf(subscription));
      this.#left.add(nameOf(subscription));
      this.#known.remove(subscription);
    }
    this.#request('UNSUBSCRIBE', subscriptions);
  }

  receive(frame: Buffer, receivedAt: Micros): void {
    if (this.#known.receive(frame, receivedAt, this.outlet)) return;
    const reason = this.#receiveJson(frame, receivedAt);
    if (reason !== undefined) this.outlet.quarantine(reason, frame, receivedAt);
  }

  #request(method: 'SUBSCRIBE' | 'UNSUBSCRIBE', subscriptions: readonly Subscription[]): void {
    for (let from = 0; from < subscriptions.length; from += STREAMS_PER_REQUEST) {
      const part = subscriptions.slice(from, from + STREAMS_PER_REQUEST);
      const id = this.#nextId++;
      this.#requests.set(id, method === 'SUBSCRIBE' ? part : []);
      this.outlet.send(JSON.stringify({ method, params: part.map(nameOf), id }));
    }
  }

  /** @returns what is wrong with the frame, or `undefined` when nothing is. */
  #receiveJson(frame: Buffer, receivedAt: Micros): string | undefined {
    if (frame.length > MOST_BYTES) return `larger than any frame of the venue: ${frame.length} bytes`;
    let message: unknown;
    try {
      message = JSON.parse(frame.toString());
    } catch {
      return 'not JSON';
    }
    if (typeof message !== 'object' || message === null) return 'not a JSON object';
    if ('stream' in message) return this.#receiveStream(message, receivedAt);
    if ('result' in message) return this.#receiveReply(message);
    if ('code' in message || 'error' in message) return this.#receiveRefusal(message);
    return this.#receiveShutdown(message);
  }

  #receiveStream(message: object, receivedAt: Micros): string | undefined {
    const envelope = Envelope.safeParse(message);
    if (!envelope.success) return firstIssue(envelope.error);
    const { stream, data } = envelope.data;
    if (stream === '!serverShutdown') return this.#receiveShutdown(data);
    const subscription = this.#streams.get(stream);
    if (subscription === undefined)
      return this.#left.has(stream) ? undefined : `not subscribed: ${stream.slice(0, 64)}`;
    const wrong = payloadOf(subscription.source.stream)(data, subscription, receivedAt, this.outlet);
    return wrong === undefined ? undefined : `${subscription.source.stream}: ${wrong}`;
  }

  #receiveReply(message: object): string | undefined {
    const reply = WireReply.safeParse(message);
    if (!reply.success) return firstIssue(reply.error);
    const asked = this.#requests.get(Number(reply.data.id));
    if (asked === undefined)
      return `answer to a request that was not made: ${String(reply.data.id).slice(0, 64)}`;
    this.#requests.delete(Number(reply.data.id));
    this.outlet.acknowledged(asked);
    return undefined;
  }

  /** A refusal without an id is the answer to the oldest request that is still open. */
  #receiveRefusal(message: object): string | undefined {
    const refusal = WireRefusal.safeParse(message);
    if (!refusal.success) return firstIssue(refusal.error);
    const { code, msg, id } = refusal.data;
    const [oldest] = this.#requests.keys();
    const request = typeof id === 'number' ? id : oldest;
    const asked = request === undefined ? undefined : this.#requests.get(request);
    if (request === undefined || asked === undefined)
      return `an error that answers no request: ${code} ${msg}`;
    this.#requests.delete(request);
    const names = asked.map(nameOf).join(', ');
    this.outlet.rejected(asked, `Binance refused ${names}: ${msg} (code ${code})`);
    return undefined;
  }

  #receiveShutdown(message: unknown): string | undefined {
    if (!WireServerShutdown.safeParse(message).success) return 'no message the venue documents';
    this.outlet.rollOver('the venue announced that this server shuts down');
    return undefined;
  }
}

function nameOf({ source }: Subscription): string {
  return wireName(source.venueSymbol, source.stream);
}
