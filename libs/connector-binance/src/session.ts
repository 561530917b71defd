import {
  firstIssue,
  oneLine,
  parseJsonFrame,
  type Session,
  type SessionOutlet,
  type Subscription,
} from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { type FastLane, KnownLayout } from './known-layout.js';
import { payloadOf } from './payloads.js';
import { Envelope, WireRefusal, WireReply, WireServerShutdown } from './protocol.js';
import { nameOf, Requests } from './requests.js';

/** The largest frames of the venue are diffs of a few hundred kilobytes in a crash of the market. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * One connection to `/stream`: asks for streams, knows the answers, and turns frames into events.
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 */
export class BinanceSession implements Session<Buffer> {
  readonly #streams = new Map<string, Subscription>();
  /** Left off; frames on their way when we asked are no errors. */
  readonly #left = new Set<string>();
  readonly #requests: Requests;

  constructor(
    private readonly outlet: SessionOutlet<string>,
    private readonly fastLane: FastLane = new KnownLayout(),
  ) {
    this.#requests = new Requests(outlet);
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#streams.set(nameOf(subscription), subscription);
      this.#left.delete(nameOf(subscription));
      this.fastLane.add(subscription);
    }
    this.#requests.ask('SUBSCRIBE', subscriptions);
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      this.#streams.delete(nameOf(subscription));
      this.#left.add(nameOf(subscription));
      this.fastLane.remove(subscription);
    }
    this.#requests.ask('UNSUBSCRIBE', subscriptions);
  }

  receive(frame: Buffer, receivedAt: Micros): void {
    const reason = this.#read(frame, receivedAt);
    if (reason !== undefined) this.outlet.quarantine(oneLine(reason), frame, receivedAt);
  }

  /** @returns what is wrong with the frame, or `undefined` when nothing is. */
  #read(frame: Buffer, receivedAt: Micros): string | undefined {
    if (frame.length > MOST_BYTES) return `larger than any frame of the venue: ${frame.length} bytes`;
    if (this.fastLane.receive(frame, receivedAt, this.outlet)) return undefined;
    return this.#readJson(frame, receivedAt);
  }

  #readJson(frame: Buffer, receivedAt: Micros): string | undefined {
    const read = parseJsonFrame(frame);
    if ('wrong' in read) return read.wrong;
    const { message } = read;
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
    return reply.success ? this.#requests.agreed(reply.data.id) : `answer: ${firstIssue(reply.error)}`;
  }

  #receiveRefusal(message: object): string | undefined {
    const refusal = WireRefusal.safeParse(message);
    if (!refusal.success) return 'not an error as the venue documents them';
    const { code, msg, id } = refusal.data;
    return this.#requests.refused(id ?? undefined, `${msg} (code ${code})`);
  }

  #receiveShutdown(message: unknown): string | undefined {
    if (!WireServerShutdown.safeParse(message).success) return 'no message the venue documents';
    this.outlet.rollOver('the venue announced that this server shuts down');
    return undefined;
  }
}
