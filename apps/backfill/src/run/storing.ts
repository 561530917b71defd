import { type Storage, type Task, type TaskLedger, type TaskOutcome } from '@autotrader/storage-clickhouse';
import type { Fetched } from '../dataset.js';

/** A task whose time was fetched. */
export interface FetchedTask {
  readonly task: Task;
  readonly fetched: Fetched;
  /** Its time is not over: it will be fetched again. */
  readonly isOpen: boolean;
}

/** Rows that may wait to be stored: beyond, fetching waits. */
const MOST_WAITING_ROWS = 400_000;

/**
 * Stores what was fetched: everything that waits is written, then the bars are waited for, then all of it is said to be done by
 * one insert. Whatever is killed before that is fetched again, and each row is there once.
 */
export class Storing {
  #waiting: FetchedTask[] = [];
  #rows = 0;
  #running: Promise<void> | undefined;
  #error: unknown;
  #room: (() => void)[] = [];

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
    while (this.#rows > MOST_WAITING_ROWS && this.#error === undefined)
      await new Promise<void>((resolve) => this.#room.push(resolve));
    this.#throwIfFailed();
  }

  /** Resolves when everything that was added is stored. @throws what it failed with. */
  async settled(): Promise<void> {
    await this.#running;
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#store(this.#waiting.splice(0));
    } catch (error) {
      this.#error = error;
    }
    this.#running = undefined;
    this.#makeRoom();
  }

  async #store(tasks: readonly FetchedTask[]): Promise<void> {
    await Promise.all(
      tasks.flatMap(({ fetched }) => fetched.batches.map((batch) => this.storage.write(batch))),
    );
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
