import type { Micros } from '@autotrader/schemas';

/** What a task is about; no two tasks have the same. */
export interface TaskKey {
  /** What is fetched: `dukascopy ticks`, `polygon 1d SPLITS`. */
  readonly dataset: string;
  /** In capitals. */
  readonly venue: string;
  /** Canonical; `*` for a whole market. */
  readonly symbol: string;
  /** First moment of the time it is about, microseconds. */
  readonly from: Micros;
  /** First moment after it, microseconds. */
  readonly to: Micros;
}

/**
 * How far a task is: `pending` not begun, or not over; `running` until its lease ends; `done` stored; `empty` the venue has
 * nothing of it; `failed` after all retries.
 */
export type TaskState = 'pending' | 'running' | 'done' | 'empty' | 'failed';

/** A task as the ledger has it. */
export interface Task extends TaskKey {
  /** As the venue writes it. */
  readonly venueSymbol: string;
  readonly state: TaskState;
  /** How often it was begun. */
  readonly attempt: number;
  /** Rows that were stored. */
  readonly rows: number;
  /** SHA-256 of what was fetched, in hex; empty where there was nothing. */
  readonly checksum: string;
  /** The way it came. */
  readonly source: string;
  /** Why it failed, or is not over. */
  readonly reason: string;
  /** Who has it, or had it last. */
  readonly worker: string;
  /** Of state `running`: until then nobody else begins it, microseconds of the server's clock. */
  readonly leaseUntil: Micros;
  /** Server's clock when it was so, microseconds; 0 for one that is not in the ledger yet. */
  readonly changedAt: Micros;
}

/** How a task ended. */
export interface TaskOutcome {
  readonly state: Exclude<TaskState, 'running'>;
  readonly rows?: number;
  readonly checksum?: string;
  readonly source?: string;
  readonly reason?: string;
}

/** Which tasks are wanted; what is not said does not matter. */
export interface TaskSelection {
  readonly dataset?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  /** Those that end after this moment. */
  readonly from?: Micros | undefined;
  /** Those that begin before this moment. */
  readonly to?: Micros | undefined;
}

/** A task that nobody has begun. */
export function newTask(key: TaskKey, venueSymbol: string): Task {
  return {
    ...key,
    ...{ venueSymbol, state: 'pending', attempt: 0, rows: 0, checksum: '', source: '', reason: '' },
    ...{ worker: '', leaseUntil: 0, changedAt: 0 },
  };
}

/** Names a task among all. */
export function taskName({ dataset, venue, symbol, from, to }: TaskKey): string {
  return JSON.stringify([dataset, venue, symbol, from, to]);
}
