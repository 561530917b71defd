import { type Storage, type Task, type TaskLedger, type TaskOutcome } from '@autotrader/storage-clickhouse';
import type { Fetched } from '../dataset.js';
import { joinTicks } from './join-ticks.js';

/** A task whose time was fetched. */
export interface FetchedTask {
  readonly task: Task;
  readonly fetched: Fetched;
  /** Its time is not over: it will be fetched again. */
  readonly isOpen: boolean;
}

/** Rows that may wait to be stored: beyond, fetching waits. */
const MOST_WAITING_ROWS = 200_000;
/** What comes within that is stored together, milliseconds: bars cost nearly the same for an hour and for a day. */
const GATHERED_WITHIN_MS = 500;

/**
 * Stores what was fetched: everything that waits is written, then the bars are waited for, then all of it is said to be done by
 * one insert. Whatever is killed before that is fetched again, and each row is there once.
 */
export class Storing {
  #waiting: FetchedTask[] = [];
  #rows = 0;
  #running: Promise<void> | undefined;
  #error: Error | undefined;
  #room: (() => void)[] = [];
  #enough: () => void = () => undefined;
  #isEnding = false;

  constructor(
    private readonly storage: Pick<Storage, 'write' | 'drained'>,
    private readonly ledger: TaskLedger,
    private readonly onDone: (task: Task, outcome: TaskOutcome, isOpen: boolean) => void,
  ) {}

  /** Resolves when there is room for more. @throws what storing failed with. */
  async add(fetched: FetchedTask): Promise<void> {
    this.#throwIfFailed();
    this.#waiting.push(fetched);
    this.#rows += rowsOf(fetched);
    this.#running ??= this.#run();
    if (this.#rows > MOST_WAITING_ROWS) this.#enough();
    while (this.#rows > MOST_WAITING_ROWS && this.#error === undefined)
      await new Promise<void>((resolve) => this.#room.push(resolve));
    this.#throwIfFailed();
  }

  /** Resolves when everything that was added is stored. @throws what it failed with. */
  async settled(): Promise<void> {
    this.#isEnding = true;
    this.#enough();
    await this.#running;
    this.#isEnding = false;
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#gathered();
        await this.#store(this.#waiting.splice(0));
      }
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
    this.#running = undefined;
    this.#makeRoom();
  }

  /** Resolves after a while, or when there is enough, or nothing more comes. */
  async #gathered(): Promise<void> {
    if (this.#isEnding || this.#rows > MOST_WAITING_ROWS) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHERED_WITHIN_MS);
      this.#enough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #store(tasks: readonly FetchedTask[]): Promise<void> {
    const batches = joinTicks(tasks.flatMap(({ fetched }) => fetched.batches));
    await Promise.all(batches.map((batch) => this.storage.write(batch)));
    await this.storage.drained();
    const outcomes = tasks.map((each): [Task, TaskOutcome] => [each.task, outcomeOf(each)]);
    await this.ledger.finish(outcomes);
    for (const [at, [task, outcome]] of outcomes.entries())
      this.onDone(task, outcome, tasks[at]?.isOpen ?? false);
    this.#rows -= tasks.reduce((sum, each) => sum + rowsOf(each), 0);
    this.#makeRoom();
  }

  #makeRoom(): void {
    for (const resolve of this.#room.splice(0)) resolve();
  }
}

function outcomeOf(each: FetchedTask): TaskOutcome {
  const rows = rowsOf(each);
  const { checksum, source } = each.fetched;
  if (each.isOpen) return { state: 'pending', rows, checksum, source, reason: 'its time is not over' };
  return { state: rows === 0 ? 'empty' : 'done', rows, checksum, source };
}

function rowsOf({ fetched }: FetchedTask): number {
  return fetched.batches.reduce((sum, { length }) => sum + length, 0);
}
