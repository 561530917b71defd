import { setTimeout as delay } from 'node:timers/promises';
import { ConnectorError, type Instrument, RejectedError } from '@autotrader/connector-core';
import { type Storage, type Task, type TaskLedger, taskName } from '@autotrader/storage-clickhouse';
import type { Dataset } from '../dataset.js';
import { type BackfillRequest, rangeOf } from '../options/request.js';
import { Leases } from './leases.js';
import { planSymbol, type SymbolPlan } from './plan.js';
import { Storing } from './storing.js';
import { Tally } from './tally.js';

/** How a run goes about it. */
export interface RunOptions {
  /** Times that are fetched at once. */
  readonly concurrency: number;
  /** So long after it was last heard of, a worker's tasks are given to another. */
  readonly leaseMs: number;
  /** Only what failed before. */
  readonly onlyFailed?: boolean;
}

/** What a run works on, and whom it tells. */
export interface RunContext {
  readonly storage: Pick<Storage, 'write' | 'drained'>;
  readonly ledger: TaskLedger;
  readonly dataset: Dataset;
  readonly say: (line: string) => void;
  /** Called when there is something new in the tallies. */
  readonly onProgress?: ((tallies: readonly Tally[]) => void) | undefined;
}

/** How a run ended. */
export interface RunResult {
  readonly tallies: readonly Tally[];
  /** It was told to stop before it was through. */
  readonly wasStopped: boolean;
  /** Why it went no further: the venue refuses. */
  readonly refusal: string | undefined;
}

/** While others have tasks that we want, the ledger is looked at so often. */
const LOOK_AGAIN_MS = 2_000;
/** Told to stop, it still stores what it has fetched, as long as that takes no longer. */
const STORED_WITHIN_MS = 10_000;

/**
 * Fetches and stores what the ledger does not have yet, symbol by symbol. Returns when it all is there, or has failed, also what
 * other workers have begun.
 * @throws StorageError; RejectedError for a symbol the venue does not have.
 */
export async function runBackfill(
  context: RunContext,
  request: BackfillRequest,
  options: RunOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  const run = new Run(context, request, options, signal);
  return run.all();
}

class Run {
  readonly #tallies: Tally[] = [];
  readonly #leases: Leases;
  readonly #storing: Storing;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  /** Names of tasks that are not begun again in this run. */
  readonly #seen = new Set<string>();
  #refusal: string | undefined;

  constructor(
    private readonly context: RunContext,
    private readonly request: BackfillRequest,
    private readonly options: RunOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([signal, this.#stopping.signal]);
    this.#leases = new Leases(context.ledger, options.leaseMs);
    this.#storing = new Storing(context.storage, context.ledger, (task, { rows = 0 }, isOpen) => {
      const tally = this.#tallyOf(task);
      this.#leases.release(task);
      tally.rows += rows;
      if (isOpen) tally.open++;
      else if (rows === 0) tally.empty++;
      else tally.done++;
      this.#tell();
    });
  }

  async all(): Promise<RunResult> {
    try {
      await this.#plan();
      for (const { instrument } of this.#tallies) await this.#symbol(instrument);
      if (!this.#signal.aborted) await this.#storing.settled();
    } finally {
      this.#stopping.abort();
      await this.#giveBack();
    }
    return { tallies: this.#tallies, wasStopped: this.signal.aborted, refusal: this.#refusal };
  }

  /** Every symbol is looked up, and its work counted, before the first is begun. */
  async #plan(): Promise<void> {
    for (const symbol of this.request.symbols) {
      const instrument = await this.context.dataset.instrument(symbol, this.#signal);
      const tally = new Tally(instrument);
      const { tasks, held, finished, requests } = await this.#planOf(instrument);
      tally.before = finished;
      tally.total = tasks.length + held.length;
      tally.requests = requests;
      this.#tallies.push(tally);
    }
    this.#tell();
  }

  #planOf(instrument: Instrument): Promise<SymbolPlan> {
    const { ledger, dataset } = this.context;
    const { onlyFailed = false } = this.options;
    const range = rangeOf(this.request, dataset, instrument);
    return planSymbol(ledger, { dataset, instrument, range, shard: this.request.shard, onlyFailed });
  }

  async #symbol(instrument: Instrument): Promise<void> {
    for (let isFirst = true; !this.#signal.aborted; isFirst = false) {
      const { tasks, held } = await this.#planOf(instrument);
      const ours = tasks.filter((task) => !this.#seen.has(taskName(task)));
      await this.#fetchAll(ours);
      if (this.#signal.aborted) return;
      await this.#storing.settled();
      if (held.length === 0 || this.options.onlyFailed === true) return;
      if (isFirst)
        this.context.say(
          `${instrument.venueSymbol}: ${held.length} times are with other workers: waiting for them`,
        );
      await delay(LOOK_AGAIN_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }

  async #fetchAll(tasks: readonly Task[]): Promise<void> {
    const queue = tasks[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (const task of queue) {
        if (this.#signal.aborted) return;
        await this.#fetch(task);
      }
    };
    const lanes = Array.from({ length: this.options.concurrency }, () =>
      lane().catch((error: unknown) => {
        this.#stopping.abort();
        throw error;
      }),
    );
    const ended = await Promise.allSettled(lanes);
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #fetch(planned: Task): Promise<void> {
    const { dataset, ledger } = this.context;
    const task = await ledger.claim(planned, this.options.leaseMs);
    if (task === undefined) return;
    this.#seen.add(taskName(task));
    this.#leases.hold(task);
    const tally = this.#tallyOf(task);
    try {
      const fetched = await dataset.fetch(tally.instrument, task, this.#signal);
      tally.requested += dataset.requestsOf(task);
      await this.#storing.add({ task, fetched, isOpen: dataset.isOpen(task, ledger.now()) });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      // Told to stop, it is given back.
      if (!this.#signal.aborted) await this.#fail(task, error);
    }
  }

  async #fail(task: Task, error: ConnectorError): Promise<void> {
    await this.context.ledger.finish([[task, { state: 'failed', reason: error.message }]]);
    this.#leases.release(task);
    this.#tallyOf(task).fail(error.message);
    this.#tell();
    if (!(error instanceof RejectedError)) return;
    // What is refused now would be refused every time.
    this.#refusal = error.message;
    this.#stopping.abort();
  }

  /** What was begun and is not done is for whoever comes next, at once. */
  async #giveBack(): Promise<void> {
    await this.#leases.stop();
    await Promise.race([
      this.#storing.settled().catch(() => undefined),
      delay(STORED_WITHIN_MS, undefined, { ref: false }),
    ]);
    const { held } = this.#leases;
    if (held.length > 0) await this.context.ledger.reopen(held, 'stopped').catch(() => undefined);
  }

  #tallyOf({ symbol }: Task): Tally {
    const tally = this.#tallies.find(({ instrument }) => instrument.symbol === symbol);
    if (tally === undefined) throw new Error(`no symbol ${symbol} in this run`);
    return tally;
  }

  #tell(): void {
    this.context.onProgress?.(this.#tallies);
  }
}
