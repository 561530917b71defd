import type { Clock } from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { SimulatedInstrument } from '../instrument.js';
import type { EventSink } from '../outgoing-event.js';
import { SymbolMarket } from './symbol-market.js';

/** What the simulator's own market is like. */
export interface GeneratedMarketOptions {
  /** The same seed and start time make the same market; 1 by default. */
  readonly seed?: number;
  /** Orders a second and symbol, about 3 in 10 of which trade; 50 by default. */
  readonly eventsPerSecond?: number;
  /** Where its timeline begins; the clock's now by default. */
  readonly startTime?: Micros;
  /** Waits for `start()`, `step()` or `advance()` instead of running in real time. */
  readonly paused?: boolean;
}

/** Moves the generated market on. */
export interface MarketControl {
  readonly isRunning: boolean;
  /** How far the market's timeline has come. */
  readonly time: Micros;
  /** Runs in real time, by the simulator's clock. */
  start(): void;
  /** Stands still until `start()`; nothing is lost, the venue just sleeps. */
  pause(): void;
  /** Lets the next orders come in, 1 by default, over all symbols, whatever the clock says. */
  step(orders?: number): void;
  /** Lets simulated time pass, at once; what happens in it is sent before this returns. */
  advance(milliseconds: number): void;
}

const DEFAULTS = { seed: 1, eventsPerSecond: 50 };
/** A machine that slept longer than this does not get all it slept through in one burst. */
const SLEEP = 10_000_000;
/** Symbols take turns so often while time is advanced: 10 ms. */
const SLICE = 10_000;

/** All symbols' markets on one timeline, run by the clock or by hand. */
export class GeneratedMarket implements MarketControl {
  readonly #markets: ReadonlyMap<string, SymbolMarket>;
  #time: Micros;
  /** How far the timeline is ahead of the clock, after steps by hand. */
  #ahead = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    instruments: readonly SimulatedInstrument[],
    options: GeneratedMarketOptions,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly sink: EventSink,
  ) {
    const startTime = options.startTime ?? clock.now();
    const settings = { ...DEFAULTS, ...options, startTime };
    this.#time = startTime;
    this.#markets = new Map(
      instruments.map((each) => [each.symbol, new SymbolMarket(each, settings, sink)] as const),
    );
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  get time(): Micros {
    return this.#time;
  }

  market(symbol: string): SymbolMarket | undefined {
    return this.#markets.get(symbol);
  }

  start(): void {
    if (this.isRunning) return;
    const now = this.clock.now();
    this.#ahead = Math.max(0, this.#time - now);
    if (now > this.#time) this.#skipTo(now);
    this.#schedule();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  step(orders = 1): void {
    for (let order = 0; order < orders; order += 1)
      this.#advanceTo(this.#earliest((each) => each.nextActionAt));
    this.sink.flush();
  }

  advance(milliseconds: number): void {
    const end = this.#time + Math.round(milliseconds * 1000);
    for (let time = this.#time + SLICE; time < end; time += SLICE) this.#advanceTo(time);
    this.#advanceTo(end);
    this.sink.flush();
  }

  #schedule(): void {
    const wait = this.#earliest((each) => each.dueAt) - this.#now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.ceil(Math.min(wait, SLEEP) / 1000)));
  }

  #run(): void {
    const now = this.#now();
    if (now - this.#time > SLEEP) this.#skipTo(now);
    if (now > this.#time) this.#advanceTo(now);
    this.sink.flush();
    this.#schedule();
  }

  #now(): Micros {
    return this.clock.now() + this.#ahead;
  }

  #advanceTo(time: Micros): void {
    if (!Number.isFinite(time)) return;
    for (const market of this.#markets.values()) market.advanceTo(time);
    this.#time = time;
  }

  #skipTo(time: Micros): void {
    for (const market of this.#markets.values()) market.skipTo(time);
    this.#time = time;
  }

  #earliest(of: (market: SymbolMarket) => Micros): Micros {
    let earliest = Infinity;
    for (const market of this.#markets.values()) earliest = Math.min(earliest, of(market));
    return earliest;
  }
}
