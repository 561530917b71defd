import { oneLine, type SessionOutlet, type Subscription } from '@autotrader/connector-core';
import { wireName } from './streams.js';

/** A request's list of streams stays far below any limit of a message's size. */
const STREAMS_PER_REQUEST = 200;
/** Streams that an error message names; of more it tells the number. */
const NAMED_IN_MESSAGE = 3;

type Method = 'SUBSCRIBE' | 'UNSUBSCRIBE';

interface Request {
  readonly method: Method;
  readonly subscriptions: readonly Subscription[];
}

/**
 * What was asked of the venue on one connection and is not answered yet.
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#live-subscribingunsubscribing-to-streams
 */
export class Requests {
  readonly #open = new Map<number, Request>();
  #nextId = 1;

  constructor(private readonly outlet: Pick<SessionOutlet<string>, 'send' | 'acknowledged' | 'rejected'>) {}

  ask(method: Method, subscriptions: readonly Subscription[]): void {
    for (let from = 0; from < subscriptions.length; from += STREAMS_PER_REQUEST) {
      const part = subscriptions.slice(from, from + STREAMS_PER_REQUEST);
      const id = this.#nextId++;
      this.#open.set(id, { method, subscriptions: part });
      this.outlet.send(JSON.stringify({ method, params: part.map(nameOf), id }));
    }
  }

  /** @returns what is wrong with the answer, or `undefined` when nothing is. */
  agreed(id: number): string | undefined {
    const request = this.#open.get(id);
    if (request === undefined) return `answer to a request that was not made: ${id}`;
    this.#open.delete(id);
    this.outlet.acknowledged(request.method === 'SUBSCRIBE' ? request.subscriptions : []);
    return undefined;
  }

  /**
   * A refusal without an id is the answer to the oldest request that is still open.
   * @returns what is wrong with the answer, or `undefined` when nothing is.
   */
  refused(id: number | undefined, reason: string): string | undefined {
    const [oldest] = this.#open.keys();
    const answered = id ?? oldest;
    const request = answered === undefined ? undefined : this.#open.get(answered);
    if (answered === undefined || request === undefined) return `an error that answers no request: ${reason}`;
    this.#open.delete(answered);
    const { method, subscriptions } = request;
    const refused = method === 'SUBSCRIBE' ? '' : 'to leave off ';
    this.outlet.rejected(
      method === 'SUBSCRIBE' ? subscriptions : [],
      oneLine(`Binance refused ${refused}${listOf(subscriptions)}: ${reason}`),
    );
    return undefined;
  }
}

/** The venue's name of what is subscribed. */
export function nameOf({ source }: Subscription): string {
  return wireName(source.venueSymbol, source.stream);
}

function listOf(subscriptions: readonly Subscription[]): string {
  const names = subscriptions.slice(0, NAMED_IN_MESSAGE).map(nameOf).join(', ');
  const more = subscriptions.length - NAMED_IN_MESSAGE;
  return more > 0 ? `${names} and ${more} more` : names;
}
