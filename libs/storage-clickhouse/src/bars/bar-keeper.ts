import { setTimeout as delay } from 'node:timers/promises';
import type { ClickHouseSettings } from '@clickhouse/client';
import { reasonOf, StorageError } from '../errors.js';
import { backoffMs } from '../insert/backoff.js';
import { failureOf } from '../insert/failure.js';
import { barSettings, type BarServer, refreshBars, supersede } from './refresh.js';
import type { TouchedInterval } from './touched.js';
import { Work } from './work.js';

/** A computation that failed and will be tried again. */
export interface BarRetry {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** How long until the next one, in milliseconds. */
  readonly delayMs: number;
  /** What went wrong, in one line. */
  readonly reason: string;
}

/** How often bars are computed, and who hears of it. */
export interface BarKeeperOptions {
  /** Between the beginnings of two rounds, in milliseconds; default 1,000. What comes meanwhile is one round. */
  readonly throttleMs?: number | undefined;
  /** Called each time a computation failed and will be tried again; must not throw. */
  readonly onRetry?: ((retry: BarRetry) => void) | undefined;
  /** Called after each round with what it took; must not throw. */
  readonly onRound?: ((seconds: number) => void) | undefined;
}

const THROTTLE_MS = 1000;

interface Round {
  readonly work: Work;
  readonly done: Promise<void>;
  readonly settle: (error?: unknown) => void;
}

/**
 * Keeps the bars of a database right: computes those of touched minutes anew, from the deduplicated ticks. Any
 * number of keepers, in any number of processes, may work on the same minutes.
 */
export class BarKeeper {
  readonly #closing = new AbortController();
  #next: Round | undefined;
  #running: Promise<void> | undefined;
  #settings: ClickHouseSettings | undefined;

  constructor(
    private readonly server: BarServer,
    private readonly options: BarKeeperOptions = {},
  ) {}

  /**
   * To be called once ClickHouse has acknowledged the rows. Resolves when the bars are right: those of the minutes,
   * and all longer ones that they are part of. What fails but may pass is tried again for as long as it takes.
   * @throws StorageError REJECTED when the server refuses for good; CLOSED when it was closed before.
   */
  async touched(intervals: readonly TouchedInterval[]): Promise<void> {
    if (intervals.length === 0) return;
    if (this.#closing.signal.aborted) throw closed();
    const round = (this.#next ??= newRound());
    for (const interval of intervals) round.work.add(interval);
    this.#running ??= this.#run();
    await round.done;
  }

  /** Gives what is waiting one last attempt, then it fails as CLOSED. Never throws. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const round = this.#next;
      this.#next = undefined;
      if (round === undefined) break;
      const started = performance.now();
      await this.#finish(round.work).then(() => round.settle(), round.settle);
      const seconds = (performance.now() - started) / 1000;
      this.options.onRound?.(seconds);
      await this.#pause((this.options.throttleMs ?? THROTTLE_MS) - seconds * 1000);
    }
    this.#running = undefined;
  }

  /** Does the steps of a round one after another, each again and again until it is done. */
  async #finish(work: Work): Promise<void> {
    const { server } = this;
    for (const table of ['tick_raw', 'depth_raw'] as const)
      for (const copies of work.copies(table)) {
        const losing = await this.#until((settings) => supersede(server, settings, table, copies));
        for (const minute of losing) work.addLosing(minute);
      }
    for (const spans of work.portions())
      await this.#until((settings) => refreshBars(server, settings, spans));
  }

  async #until<Result>(step: (settings: ClickHouseSettings) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#settings ??= await barSettings(this.server);
        return await step(this.#settings);
      } catch (error) {
        if (this.#closing.signal.aborted || this.server.signal?.aborted === true) throw closed(error);
        if (failureOf(error) === 'final') throw rejected(error);
        const delayMs = backoffMs(attempt);
        this.options.onRetry?.({ attempt, delayMs, reason: reasonOf(error) });
        await this.#pause(delayMs);
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

function newRound(): Round {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const settle = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
  return { work: new Work(), done, settle };
}

function closed(error?: unknown): StorageError {
  const what = 'closed before the bars were right';
  const message = error === undefined ? what : `${what} (${reasonOf(error)})`;
  return new StorageError('CLOSED', message, error === undefined ? undefined : { cause: error });
}

function rejected(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError('REJECTED', `ClickHouse refuses to compute bars: ${reasonOf(error)}`, {
    cause: error,
  });
}
