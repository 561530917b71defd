import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Micros } from '@autotrader/schemas';
import { ClientStream, type StreamFaults } from './client-stream.js';
import { INSTRUMENTS } from './instrument.js';
import { GeneratedMarket } from './market.js';
import { heartbeatLine, priceLine, type SimulatedPrice } from './price.js';
import { randomFrom } from '@autotrader/connector-core/testing';
import { answerRest, type RestAnswer } from './rest.js';
import { SentBook } from './sent-book.js';
import { VenueState } from './venue-state.js';
import type {
  OandaFaults,
  OandaMarket,
  OandaRequest,
  OandaSimulator,
  OandaSimulatorOptions,
} from './simulator.js';

const PRICES_A_SECOND = 4;
const HEARTBEAT_MS = 5_000;
const MOST_STREAMS = 20;
const MOST_REQUESTS = 10_000;

/**
 * Starts an Oanda on 127.0.0.1 that speaks the v20 pricing stream and the REST interface, keeps its rules, and knows what it
 * sent.
 * @throws Error when the port is in use.
 */
export async function startOandaSimulator(options: OandaSimulatorOptions = {}): Promise<OandaSimulator> {
  const simulator = new RunningSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

class RunningSimulator implements OandaSimulator {
  readonly sent = new SentBook();
  readonly requests: OandaRequest[] = [];
  readonly apiKey: string;
  readonly accountId: string;
  readonly faults: OandaFaults;
  readonly market: OandaMarket;
  readonly #state: VenueState;
  readonly #now: () => Micros;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #clients = new Set<ClientStream>();
  readonly #streamFaults: StreamFaults = { isSilent: false, isSplit: false };
  readonly #heart: NodeJS.Timeout;
  readonly #generated: GeneratedMarket | undefined;
  #refusal: { readonly status: number; readonly retryAfter?: number | undefined } | undefined;

  constructor(private readonly options: OandaSimulatorOptions) {
    const { instruments = INSTRUMENTS, market = PRICES_A_SECOND, seed = 1 } = options;
    const { apiKey = 'simulated-key', accountId = '101-004-1234567-001' } = options;
    this.apiKey = apiKey;
    this.accountId = accountId;
    this.#now = options.now ?? (() => Math.floor((performance.timeOrigin + performance.now()) * 1000));
    this.#state = new VenueState(instruments, accountId, this.#now);
    const publish = (price: SimulatedPrice): void => this.publish(price);
    if (market !== false)
      this.#generated = new GeneratedMarket(instruments, market, randomFrom(seed), this.#now, publish);
    this.faults = this.#faultSwitches();
    this.market = {
      pause: () => this.#generated?.pause(),
      resume: () => this.#generated?.resume(),
      setTradeable: (isTradeable) => {
        if (this.#generated !== undefined) this.#generated.isTradeable = isTradeable;
      },
    };
    this.#heart = setInterval(() => this.#beat(), options.heartbeatMs ?? HEARTBEAT_MS);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get streams(): number {
    return this.#clients.size;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#generated?.resume();
  }

  publish(price: SimulatedPrice, isSent = true): void {
    this.#state.remember(price);
    if (isSent) this.#send(price);
  }

  repeat(instrument: string): void {
    const last = this.#state.last.get(instrument);
    if (last !== undefined) this.#send(last);
  }

  sendRaw(bytes: Uint8Array | string): void {
    for (const client of this.#clients) client.raw(bytes);
  }

  async stop(): Promise<void> {
    clearInterval(this.#heart);
    this.#generated?.pause();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #send(price: SimulatedPrice): void {
    const line = priceLine(price);
    const takers = [...this.#clients].filter(({ instruments }) => instruments.has(price.instrument));
    for (const client of takers) client.line(line);
    if (takers.length > 0) this.sent.record(price.instrument, price.time);
  }

  #beat(): void {
    const line = heartbeatLine(this.#now());
    for (const client of this.#clients) client.line(line);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const refused = this.#refusedBefore(request, url);
    if (refused !== undefined) return this.#answer(url, response, refused);
    if (url.pathname === `/v3/accounts/${this.accountId}/pricing/stream`) return this.#stream(url, response);
    this.#answer(url, response, answerRest(url, this.#state));
  }

  #refusedBefore({ headers }: IncomingMessage, url: URL): RestAnswer | undefined {
    if (this.#refusal !== undefined) {
      const { status, retryAfter } = this.#refusal;
      return { status, body: { errorMessage: `refused with ${status}` }, retryAfter };
    }
    if (headers.authorization !== `Bearer ${this.apiKey}`)
      return { status: 401, body: { errorMessage: 'Insufficient authorization to perform request.' } };
    const [, account] = /^\/v3\/accounts\/([^/]+)/.exec(url.pathname) ?? [];
    if (account === undefined || account === this.accountId) return undefined;
    return { status: 403, body: { errorMessage: `Account ${account} is not of this key` } };
  }

  #stream(url: URL, response: ServerResponse): void {
    const names = (url.searchParams.get('instruments') ?? '').split(',').filter((name) => name !== '');
    const known = new Set(this.#state.instruments.map(({ name }) => name));
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined || names.length === 0)
      return this.#answer(url, response, {
        status: 400,
        body: { errorMessage: "Invalid value specified for 'instruments'" },
      });
    if (this.#clients.size >= (this.options.maxStreams ?? MOST_STREAMS))
      return this.#answer(url, response, { status: 429, body: { errorMessage: 'Too many streams' } });
    this.#note(url, 200);
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.flushHeaders();
    const client = new ClientStream(new Set(names), response, this.#streamFaults);
    this.#clients.add(client);
    response.on('close', () => this.#clients.delete(client));
    if (url.searchParams.get('snapshot') !== 'false') this.#snapshot(client);
  }

  /** The last price of each instrument; a stream without any begins with a heartbeat. */
  #snapshot(client: ClientStream): void {
    for (const instrument of client.instruments) {
      const last = this.#state.last.get(instrument);
      if (last === undefined || this.#streamFaults.isSilent) continue;
      client.line(priceLine(last));
      this.sent.record(instrument, last.time);
    }
    client.line(heartbeatLine(this.#now()));
  }

  #answer(url: URL, response: ServerResponse, { status, body, retryAfter }: RestAnswer): void {
    this.#note(url, status);
    const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    response.writeHead(status, { 'content-type': 'application/json', ...wait }).end(JSON.stringify(body));
  }

  #note({ pathname, search }: URL, status: number): void {
    if (this.requests.length < MOST_REQUESTS) this.requests.push({ path: `${pathname}${search}`, status });
  }

  #faultSwitches(): OandaFaults {
    const each = (act: (client: ClientStream) => void): void => [...this.#clients].forEach(act);
    return {
      cut: () => each((client) => client.cut()),
      cutWithinLine: () => each((client) => client.endWithin(heartbeatLine(this.#now()))),
      halfOpen: () => each((client) => (client.isSilent = true)),
      setAnswering: (isAnswering) => (this.#streamFaults.isSilent = !isAnswering),
      setSplit: (isSplit) => (this.#streamFaults.isSplit = isSplit),
      refuse: (status, retryAfter) =>
        (this.#refusal = status === undefined ? undefined : { status, retryAfter }),
    };
  }
}
