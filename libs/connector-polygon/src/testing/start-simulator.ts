import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { Timespan } from '../spans.js';
import { type Answer, answerTo, type Venue } from './answers.js';
import { SimulatedMarket } from './market.js';
import { misbehave } from './misbehave.js';
import type {
  PolygonFault,
  PolygonFaults,
  PolygonRequest,
  PolygonSimulator,
  PolygonSimulatorOptions,
  SimulatedAggregate,
} from './simulator.js';

const MOST_REQUESTS = 100_000;
const MINUTE_MS = 60_000;

/**
 * Starts a Polygon on 127.0.0.1 with its aggregates and tickers, which keeps its rules.
 * @throws Error when the port is in use.
 */
export async function startPolygonSimulator(
  options: PolygonSimulatorOptions = {},
): Promise<PolygonSimulator> {
  const simulator = new RunningSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

class RunningSimulator implements PolygonSimulator, Venue {
  readonly requests: PolygonRequest[] = [];
  readonly apiKey: string;
  readonly faults: PolygonFaults;
  readonly stocks: readonly string[];
  readonly pageSize: number;
  readonly #now: () => Micros;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #planned: { fault: PolygonFault; path: string; times: number }[] = [];
  readonly #served = new Map<string, object>();
  #times: number[] = [];

  constructor(private readonly options: PolygonSimulatorOptions) {
    this.apiKey = options.apiKey ?? 'simulated-key';
    this.stocks = options.stocks ?? ['AAPL', 'MSFT'];
    this.pageSize = options.pageSize ?? 50_000;
    const clock = systemClock();
    this.#now = options.now ?? (() => clock.now());
    this.faults = { next: (fault, times = 1, path = '') => this.#planned.push({ fault, times, path }) };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  now(): Micros {
    return this.#now();
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  aggregates(
    ticker: string,
    multiplier: number,
    timespan: string,
    from: Micros,
    to: Micros,
    isAdjusted = true,
  ): SimulatedAggregate[] {
    const market = new SimulatedMarket(this.options.seed ?? 1, isAdjusted);
    const span = { multiplier, timespan: timespan as Timespan };
    return market.aggregates(ticker, span, from, Math.min(to, this.#now()));
  }

  serve(path: string, json: object): void {
    this.#served.set(path, json);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const { status, body } = this.#refusal(request) ?? this.#answer(url);
    const text = Buffer.from(JSON.stringify(body));
    const fault = this.#faultOf(url.pathname + url.search);
    const sent = fault === undefined ? status : misbehave(fault, body, url.href, response);
    if (fault === undefined)
      response
        .writeHead(status, { 'content-type': 'application/json', 'content-length': text.length })
        .end(text);
    if (this.requests.length < MOST_REQUESTS)
      this.requests.push({
        path: url.pathname + url.search,
        status: sent,
        hasKeyInAddress: url.href.includes(this.apiKey),
      });
  }

  #answer(url: URL): Answer {
    const served = this.#served.get(url.pathname);
    return served === undefined ? answerTo(url, this) : { status: 200, body: served };
  }

  #refusal({ headers }: IncomingMessage): Answer | undefined {
    const request_id = '6a7e466379af0a71039d60cc78e72282';
    if (headers.authorization !== `Bearer ${this.apiKey}`)
      return { status: 401, body: { status: 'ERROR', request_id, error: 'Unknown API Key' } };
    const { mostPerMinute = Infinity } = this.options;
    const now = performance.now();
    this.#times = [...this.#times.filter((time) => now - time < MINUTE_MS), now];
    if (this.#times.length <= mostPerMinute) return undefined;
    const error =
      "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue.";
    return { status: 429, body: { status: 'ERROR', request_id, error } };
  }

  #faultOf(path: string): PolygonFault | undefined {
    const planned = this.#planned.find((each) => path.includes(each.path));
    if (planned === undefined) return undefined;
    if (--planned.times === 0) this.#planned.splice(this.#planned.indexOf(planned), 1);
    return planned.fault;
  }
}
