import {
  firstIssue,
  oneLine,
  type Session,
  type SessionOutlet,
  type Subscription,
} from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import { MarketDataType } from '@stoqey/ib';
import type { Calls } from './calls.js';
import type { ContractBook } from './contracts.js';
import { ANSWERED, type IbEvent, UNDECODED } from './ib-event.js';
import { SystemMessage, VenueError } from './protocol.js';
import { RECEIVE } from './receive.js';
import { type Feed, feedOf, StreamRequest } from './stream-request.js';

/** Which market data is asked for: `auto` is live where there is a subscription, delayed where there is none. */
export type IbkrMarketDataType = 'live' | 'delayed' | 'auto';

/** Not without a subscription: https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/#error-codes */
const NOT_SUBSCRIBED = new Set([354, 10089, 10168, 10186, 10189]);
const SHOWING_DELAYED = 10167;
const TOO_MANY_TICK_BY_TICK = 10190;
const COMPETING_SESSION = 10197;
const LADDER_RESET = 317;
/** Told of a request that goes on: https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/#error-codes */
const HARMLESS = new Set([300, 310, 316, 399, 10090]);

const SERVERS_LOST = new Set([1100, 2110]);
const SERVERS_BACK_DATA_LOST = 1101;
const SERVERS_BACK = 1102;
const FARM_BROKEN = new Set([2103]);
const FARM_OK = new Set([2104]);
/** A session that has taken our data is asked about again that often: it may last a quarter of an hour. */
const ASK_AGAIN_MICROS = 60_000_000;

/** One connection to TWS: asks for streams, knows the answers, and turns events of the library into ours. */
export class IbkrSession implements Session<IbEvent> {
  readonly #requests = new Map<number, StreamRequest>();
  readonly #ofSubscription = new Map<Subscription, StreamRequest>();
  readonly #brokenFarms = new Set<string>();
  #isCutOff = false;
  #nextId = 1;
  #hasAskedForDelayed = false;
  /** Our clock at the last message that came from the servers behind TWS. */
  #heardAt: Micros = 0;

  constructor(
    private readonly outlet: SessionOutlet<Calls>,
    private readonly contracts: ContractBook,
    private readonly marketDataType: IbkrMarketDataType,
  ) {}

  subscribe(subscriptions: readonly Subscription[]): void {
    const isDelayed = this.marketDataType === 'delayed';
    if (isDelayed) this.#askForDelayed();
    for (const subscription of subscriptions)
      this.#ask(subscription, feedOf(subscription.source.stream, isDelayed));
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      const request = this.#ofSubscription.get(subscription);
      if (request === undefined) continue;
      this.#ofSubscription.delete(subscription);
      this.outlet.send(request.cancel());
    }
  }

  receive(event: IbEvent, receivedAt: Micros): void {
    this.#askAgain(receivedAt);
    const reason = this.#read(event, receivedAt);
    if (reason !== undefined) this.outlet.quarantine(oneLine(reason), event.bytes, receivedAt);
  }

  /** @returns what is wrong with the event, or `undefined` when nothing is. */
  #read({ name, args }: IbEvent, receivedAt: Micros): string | undefined {
    switch (name) {
      case UNDECODED:
        return String(args[0]);
      case ANSWERED:
        return this.#agree(Number(args[0]));
      case 'currentTime':
        return undefined;
      case 'error':
        return this.#receiveError(args, receivedAt);
      case 'info':
        return this.#receiveSystemMessage(args, receivedAt);
      default:
        return this.#receiveData(name, args, receivedAt);
    }
  }

  #receiveData(name: string, args: readonly unknown[], receivedAt: Micros): string | undefined {
    const receive = Object.hasOwn(RECEIVE, name) ? RECEIVE[name] : undefined;
    if (receive === undefined) return `no event that was asked for: ${name}`;
    const request = this.#requests.get(Number(args[0]));
    if (request === undefined) return `no request has the id ${String(args[0]).slice(0, 20)}`;
    const isWanted = this.#ofSubscription.get(request.subscription) === request;
    if (!isWanted) return undefined; // on its way when it was left off
    this.#heardAt = receivedAt;
    if (request.waitingSince !== 0) this.#isBack(request);
    const wrong = receive(args, request, receivedAt, this.outlet);
    return wrong === undefined ? undefined : `${name}: ${wrong}`;
  }

  #ask(subscription: Subscription, feed: Feed): StreamRequest {
    const before = this.#ofSubscription.get(subscription);
    const contract = this.contracts.of(subscription.source.venueSymbol);
    const request = new StreamRequest(this.#nextId++, subscription, contract, feed, before?.contentIds);
    this.#requests.set(request.id, request);
    this.#ofSubscription.set(subscription, request);
    this.outlet.send({ ...request.ask(), fence: request.id });
    return request;
  }

  /** What has not been refused by now has been agreed to. */
  #agree(id: number): string | undefined {
    const request = this.#requests.get(id);
    if (request === undefined) return 'an answer to nothing that was asked';
    const { subscription } = request;
    const isRunning = this.#ofSubscription.get(subscription) === request;
    if (isRunning && !this.#isCutOff && request.waitingSince === 0) this.outlet.acknowledged([subscription]);
    return undefined;
  }

  #askForDelayed(): void {
    if (this.#hasAskedForDelayed) return;
    this.#hasAskedForDelayed = true;
    this.outlet.send({ calls: [['reqMarketDataType', MarketDataType.DELAYED]] });
  }

  #receiveError(args: readonly unknown[], receivedAt: Micros): string | undefined {
    const checked = VenueError.safeParse(args);
    if (!checked.success) return firstIssue(checked.error);
    const [error, code, id] = checked.data;
    const request = this.#requests.get(id);
    if (request === undefined || this.#ofSubscription.get(request.subscription) !== request) return undefined;
    this.#receiveRefusal(request, code, `${oneLine(error.message)} (code ${code})`, receivedAt);
    return undefined;
  }

  #receiveRefusal(request: StreamRequest, code: number, said: string, receivedAt: Micros): void {
    const { subscription } = request;
    const name = `${subscription.source.symbol} ${subscription.source.stream}`;
    if (HARMLESS.has(code) || (code >= 2100 && code < 3000)) return;
    if (code === LADDER_RESET) return request.clearLadder();
    if (code === COMPETING_SESSION) return this.#wait(request, said, receivedAt);
    if (code === SHOWING_DELAYED) {
      request.isDelayed = true;
      return this.outlet.degraded(
        subscription,
        `delayed data, for lack of a market data subscription: ${said}`,
      );
    }
    if (NOT_SUBSCRIBED.has(code) && this.marketDataType === 'auto' && !this.#hasFallenBack(request)) {
      this.outlet.degraded(subscription, `delayed data, for lack of a market data subscription: ${said}`);
      this.#askForDelayed();
      return void this.#ask(subscription, 'marketData');
    }
    if (code === TOO_MANY_TICK_BY_TICK && request.feed === 'tickByTick') {
      this.outlet.degraded(
        subscription,
        `streamed market data in place of tick by tick, of which there are too many: ${said}`,
      );
      return void this.#ask(subscription, 'marketData');
    }
    this.#ofSubscription.delete(subscription);
    this.outlet.rejected([subscription], `Interactive Brokers refused ${name}: ${said}`);
  }

  /** There is delayed data of ticks and quotes only, and only once it was asked for. */
  #hasFallenBack(request: StreamRequest): boolean {
    const isServed = request.feed === 'tickByTick' || request.feed === 'marketData';
    return !isServed || (request.feed === 'marketData' && this.#hasAskedForDelayed);
  }

  #receiveSystemMessage(args: readonly unknown[], receivedAt: Micros): string | undefined {
    const checked = SystemMessage.safeParse(args);
    if (!checked.success) return firstIssue(checked.error);
    const [message, code] = checked.data;
    if (SERVERS_LOST.has(code)) this.#cutOff(`${oneLine(message)} (code ${code})`, receivedAt);
    else if (code === SERVERS_BACK_DATA_LOST) this.#askForAll();
    else if (code === SERVERS_BACK) this.#comeBack();
    else if (FARM_BROKEN.has(code)) {
      this.#brokenFarms.add(farmOf(message));
      this.#cutOff(`${oneLine(message)} (code ${code})`, receivedAt);
    } else if (FARM_OK.has(code) && this.#brokenFarms.delete(farmOf(message)) && this.#brokenFarms.size === 0)
      this.#comeBack();
    return undefined;
  }

  /** Nothing comes from behind TWS: of which instruments a farm has charge is not told, so all may lack something. */
  #cutOff(reason: string, receivedAt: Micros): void {
    if (this.#isCutOff) return;
    this.#isCutOff = true;
    const since = this.#heardAt === 0 ? receivedAt : this.#heardAt;
    this.outlet.interrupted([...this.#ofSubscription.keys()], since, reason);
  }

  #comeBack(): void {
    if (!this.#isCutOff) return;
    this.#isCutOff = false;
    this.#brokenFarms.clear();
    this.outlet.acknowledged([...this.#ofSubscription.keys()]);
  }

  /** TWS has forgotten what we asked for. */
  #askForAll(): void {
    this.#isCutOff = false;
    this.#brokenFarms.clear();
    for (const [subscription, { feed }] of [...this.#ofSubscription]) this.#ask(subscription, feed);
  }

  /** Another session of the user has the data. */
  #wait(request: StreamRequest, said: string, receivedAt: Micros): void {
    const isFirst = request.waitingSince === 0;
    request.waitingSince = receivedAt;
    if (!isFirst) return;
    const since = this.#heardAt === 0 ? receivedAt : this.#heardAt;
    this.outlet.interrupted(
      [request.subscription],
      since,
      `another session of this user has the data: ${said}`,
    );
  }

  #isBack(request: StreamRequest): void {
    request.waitingSince = 0;
    this.outlet.acknowledged([request.subscription]);
  }

  /** Every message is an occasion to look: TWS tells its time every few seconds. */
  #askAgain(now: Micros): void {
    for (const request of this.#ofSubscription.values()) {
      if (request.waitingSince === 0 || now - request.waitingSince < ASK_AGAIN_MICROS) continue;
      const next = this.#ask(request.subscription, request.feed);
      next.waitingSince = now;
    }
  }
}

/** `Market data farm connection is broken:usfarm` is of usfarm. */
function farmOf(message: string): string {
  return message.slice(message.lastIndexOf(':') + 1).trim();
}
