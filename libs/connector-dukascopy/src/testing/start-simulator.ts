import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { WayName } from '../history-files.js';
import { instrumentOf } from '../instruments.js';
import type { CandleInterval, CandleSide } from '../normalize.js';
import { candlePeriodOf } from '../periods.js';
import { fileOf } from './archive.js';
import { candlesOf, type SimulatedCandle } from './candles.js';
import { misbehave } from './misbehave.js';
import { SimulatedMarket, type SimulatedTick } from './market.js';
import type {
  DukascopyFault,
  DukascopyFaults,
  DukascopyRequest,
  DukascopySimulator,
  DukascopySimulatorOptions,
} from './simulator.js';

const TICKS_PER_HOUR = 600;
const MOST_REQUESTS = 100_000;
const HOUR = 3_600_000_000;

/**
 * Starts a Dukascopy on 127.0.0.1 with its hourly files and its JSON interface, which tell the same market.
 * @throws Error when the port is in use.
 */
export async function startDukascopySimulator(
  options: DukascopySimulatorOptions = {},
): Promise<DukascopySimulator> {
  const simulator = new RunningSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

interface PlannedFault {
  readonly fault: DukascopyFault;
  readonly path: string;
  times: number;
}

class RunningSimulator implements DukascopySimulator {
  readonly requests: DukascopyRequest[] = [];
  readonly faults: DukascopyFaults;
  readonly #market: SimulatedMarket;
  readonly #now: () => Micros;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #planned: PlannedFault[] = [];
  readonly #gone = new Set<WayName>();
  readonly #served = new Map<string, Uint8Array>();
  #second = { number: 0, requests: 0 };

  constructor(private readonly options: DukascopySimulatorOptions) {
    const { seed = 1, ticksPerHour = TICKS_PER_HOUR, isAlwaysOpen = false } = options;
    this.#market = new SimulatedMarket(seed, ticksPerHour, isAlwaysOpen);
    const clock = systemClock();
    this.#now = options.now ?? (() => clock.now());
    this.faults = {
      next: (fault, times = 1, path = '') => this.#planned.push({ fault, times, path }),
      setGone: (way, isGone) => (isGone ? this.#gone.add(way) : this.#gone.delete(way)),
    };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get jettaUrl(): string {
    return `${this.url}/v1`;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  ticks(symbol: string, hour: Micros): SimulatedTick[] {
    return this.#market.ticks(instrumentOf(symbol), hour);
  }

  candles(symbol: string, interval: CandleInterval, side: CandleSide, time: Micros): SimulatedCandle[] {
    const ticks: SimulatedTick[] = [];
    const { from, to } = candlePeriodOf(interval, time);
    for (let hour = from; hour < to; hour += HOUR) ticks.push(...this.ticks(symbol, hour));
    return candlesOf(ticks, interval, side);
  }

  serve(path: string, bytes: Uint8Array): void {
    this.#served.set(path, bytes);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(request.url ?? '/');
    const way: WayName = path.startsWith('/v1/') ? 'jetta' : 'bi5';
    if (this.#gone.has(way)) return this.#misbehave('reset', path, Buffer.of(), response);
    if (this.#isTooFast()) return this.#misbehave('throttled', path, Buffer.of(), response);
    if (way === 'jetta' && request.headers.referer === undefined)
      return this.#answer(path, 202, undefined, response);
    const bytes = this.#served.get(path) ?? fileOf(path, this, this.#now());
    const fault = this.#faultOf(path);
    if (fault !== undefined) return this.#misbehave(fault, path, bytes ?? Buffer.of(), response);
    this.#answer(path, bytes === undefined ? 404 : 200, bytes, response);
  }

  #answer(path: string, status: number, bytes: Uint8Array | undefined, response: ServerResponse): void {
    this.#note(path, status);
    response.writeHead(status, { 'content-length': bytes?.length ?? 0 }).end(bytes);
  }

  #misbehave(fault: DukascopyFault, path: string, bytes: Uint8Array, response: ServerResponse): void {
    this.#note(path, misbehave(fault, bytes, response));
  }

  #faultOf(path: string): DukascopyFault | undefined {
    const planned = this.#planned.find((each) => path.includes(each.path));
    if (planned === undefined) return undefined;
    if (--planned.times === 0) this.#planned.splice(this.#planned.indexOf(planned), 1);
    return planned.fault;
  }

  #isTooFast(): boolean {
    const { mostPerSecond = Infinity } = this.options;
    const number = Math.floor(performance.now() / 1_000);
    if (number !== this.#second.number) this.#second = { number, requests: 0 };
    return ++this.#second.requests > mostPerSecond;
  }

  #note(path: string, status: number): void {
    if (this.requests.length < MOST_REQUESTS) this.requests.push({ path, status });
  }
}
