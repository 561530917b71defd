import type { Instrument } from '@autotrader/connector-core';
import { newTask, type Task, type TaskKey, type TaskLedger, taskName } from '@autotrader/storage-clickhouse';
import { Coverage } from '../coverage.js';
import type { Dataset, TimeRange } from '../dataset.js';
import type { Shard } from '../options/request.js';
import { isGone } from './worker-name.js';

/** What is to be done of a symbol. */
export interface SymbolPlan {
  readonly instrument: Instrument;
  readonly range: TimeRange;
  /** To be begun, in their order. */
  readonly tasks: Task[];
  /** Done before, or empty. */
  readonly finished: number;
  /** Rows of these. */
  readonly rows: number;
  /** Other workers have them now. */
  readonly held: readonly Task[];
  /** Of {@link tasks}: those that failed before. */
  readonly failed: number;
  /** Of {@link tasks}: those whose time is not over. */
  readonly open: number;
  /** Requests that the tasks take. */
  readonly requests: number;
}

/** What is to be planned. */
export interface PlanRequest {
  readonly dataset: Dataset;
  readonly instrument: Instrument;
  readonly range: TimeRange;
  readonly shard: Shard;
  /** Only tasks that failed before. */
  readonly onlyFailed?: boolean;
}

/** Holds the times of a symbol against the ledger. @throws StorageError. */
export async function planSymbol(ledger: TaskLedger, request: PlanRequest): Promise<SymbolPlan> {
  const { dataset, instrument, range, shard, onlyFailed = false } = request;
  const now = ledger.now();
  const known = await ledger.tasks({ dataset: dataset.name, symbols: [instrument.symbol], ...range });
  const byName = new Map(known.map((task) => [taskName(task), task]));
  const covered = new Coverage(known.filter(isFinished));
  const plan = {
    tasks: [] as Task[],
    held: [] as Task[],
    finished: 0,
    rows: 0,
    failed: 0,
    open: 0,
    requests: 0,
  };
  for (const time of dataset.tasks(instrument, range, now)) {
    const key: TaskKey = { dataset: dataset.name, venue: dataset.venue, symbol: instrument.symbol, ...time };
    if (!isOfShard(key, shard)) continue;
    const task = byName.get(taskName(key)) ?? newTask(key, instrument.venueSymbol);
    if (isFinished(task) || (task.attempt === 0 && covered.covers(time))) {
      plan.finished++;
      plan.rows += task.rows;
    } else if (task.state === 'running' && task.leaseUntil > now && !isGone(task.worker))
      plan.held.push(task);
    else if (!onlyFailed || task.state === 'failed') {
      plan.tasks.push(task);
      plan.requests += dataset.requestsOf(time);
      if (task.state === 'failed') plan.failed++;
      if (dataset.isOpen(time, now)) plan.open++;
    }
  }
  return { instrument, range, ...plan };
}

function isFinished({ state }: Task): boolean {
  return state === 'done' || state === 'empty';
}

/** The same for every worker, whatever the ledger says. */
function isOfShard(key: TaskKey, { index, count }: Shard): boolean {
  if (count === 1) return true;
  let hash = 0x811c9dc5;
  for (const character of taskName(key)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % count === index;
}
