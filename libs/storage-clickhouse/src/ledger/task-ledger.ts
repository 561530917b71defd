import { createHash } from 'node:crypto';
import { formatMicros, type Micros, parseRfc3339 } from '@autotrader/schemas';
import type { ClickHouseSettings } from '@clickhouse/client';
import { sqlText, sqlTexts } from '../bars/sql-text.js';
import { backoffMs } from '../insert/backoff.js';
import { failureOf } from '../insert/failure.js';
import { pinnedSettings } from '../insert/settings.js';
import { connect, type Connection, type ConnectionOptions } from '../server/connection.js';
import { refusal } from '../server/refusal.js';
import { queryRows, selectRows } from '../server/rows.js';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Task,
  type TaskKey,
  taskName,
  type TaskOutcome,
  type TaskSelection,
  type TaskState,
} from './task.js';

/**
 * An attempt has its stages: it is begun, its lease is renewed, it ends, and it is asked for again. A version is made of both, so
 * whoever has the later attempt is right, whatever an earlier one still says.
 */
const STAGES = 1_000;
const ENDED = 900;
const REOPENED = 950;

interface Row {
  readonly dataset: string;
  readonly venue: string;
  readonly symbol: string;
  readonly venue_symbol: string;
  readonly from_time: string;
  readonly to_time: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly rows: number;
  readonly checksum: string;
  readonly source: string;
  readonly reason: string;
  readonly worker: string;
  readonly lease_until: string;
  readonly changed_at: string;
}

/**
 * The ledger of a back-fill, in ClickHouse (`backfill_task`): what there is to fetch, and how far it is. Any number of workers share
 * it; of those that want a task at once, one has it.
 */
export class TaskLedger {
  /** Server's clock less ours, microseconds. */
  #ahead = 0;
  #settings: ClickHouseSettings | undefined;

  private constructor(
    private readonly connection: Connection,
    private readonly worker: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Opens the ledger; its tables are those of {@link openStorage}.
   * @param worker who writes to it: a name that no other process has.
   * @throws StorageError when the server cannot be asked.
   */
  static async open(options: ConnectionOptions, worker: string, signal?: AbortSignal): Promise<TaskLedger> {
    const connection = connect(options);
    const ledger = new TaskLedger(connection, worker, signal);
    try {
      await ledger.#setClock();
      return ledger;
    } catch (error) {
      await connection.client.close();
      throw refusal(connection, error);
    }
  }

  /** The server's clock, microseconds. */
  now(): Micros {
    return Date.now() * 1_000 + this.#ahead;
  }

  /** Tasks as they stand, in their order in time. @throws StorageError. */
  async tasks(selection: TaskSelection = {}): Promise<Task[]> {
    const where = conditionOf(selection);
    const rows = await queryRows<Row>(
      this.connection,
      `SELECT * FROM backfill_task WHERE ${where} ORDER BY dataset, symbol, from_time, to_time`,
    );
    return rows.map(taskOf);
  }

  /**
   * Begins the next attempt of tasks that are not held, each by itself.
   * @returns those that are ours now, until the lease ends; others are somebody else's.
   */
  async claim(task: Task, leaseMs: number): Promise<Task | undefined> {
    const attempt = task.attempt + 1;
    const claimed: Task = {
      ...task,
      ...{
        state: 'running',
        attempt,
        worker: this.worker,
        reason: '',
        leaseUntil: this.now() + leaseMs * 1_000,
      },
    };
    await this.#insert([rowOf(claimed, attempt * STAGES + 1)], `${taskName(task)} ${attempt}`);
    const [holder] = await this.#select<{ worker: string }>(
      `SELECT any(worker) AS worker FROM ${this.#table} WHERE ${keyOf(task)} AND attempt = ${attempt}`,
    );
    return holder?.worker === this.worker ? claimed : undefined;
  }

  /**
   * Holds tasks of ours for longer.
   * @param times how often they were renewed, this time included.
   */
  async renew(tasks: readonly Task[], times: number, leaseMs: number): Promise<void> {
    const leaseUntil = this.now() + leaseMs * 1_000;
    const stage = Math.min(1 + times, ENDED - 1);
    await this.#insert(tasks.map((task) => rowOf({ ...task, leaseUntil }, task.attempt * STAGES + stage)));
  }

  /** Says how tasks of ours ended: all of them, or none. */
  async finish(tasks: readonly (readonly [Task, TaskOutcome])[]): Promise<void> {
    await this.#insert(
      tasks.map(([task, { state, rows = 0, checksum = '', source = '', reason = '' }]) =>
        rowOf(
          { ...task, state, rows, checksum, source, reason, leaseUntil: 0 },
          task.attempt * STAGES + ENDED,
        ),
      ),
    );
  }

  /** Tasks are to be done again, whatever they were. */
  async reopen(tasks: readonly Task[], reason: string): Promise<void> {
    await this.#insert(
      tasks.map((task) =>
        rowOf({ ...task, state: 'pending', reason, leaseUntil: 0 }, task.attempt * STAGES + REOPENED),
      ),
    );
  }

  /** Lets go of the server. */
  async close(): Promise<void> {
    await this.connection.client.close();
  }

  get #table(): string {
    return `${this.connection.database}.backfill_task_raw`;
  }

  async #setClock(): Promise<void> {
    const before = Date.now();
    const [row] = await selectRows<{ now: string }>(this.connection.client, `SELECT now64(6, 'UTC') AS now`);
    this.#ahead = parseRfc3339(row?.now ?? '') - ((before + Date.now()) / 2) * 1_000;
  }

  /** With the same token only the first of any number of inserts counts. */
  async #insert(rows: readonly object[], token?: string): Promise<void> {
    if (rows.length === 0) return;
    const { client } = this.connection;
    const hash = createHash('sha256')
      .update(token ?? JSON.stringify(rows))
      .digest('hex');
    await this.#untilDone(async () => {
      this.#settings ??= await pinnedSettings(client);
      await client.insert({
        table: this.#table,
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: { ...this.#settings, insert_deduplication_token: hash, wait_end_of_query: 1 },
      });
    });
  }

  #select<Found>(sql: string): Promise<Found[]> {
    return this.#untilDone(() => selectRows<Found>(this.connection.client, sql));
  }

  /** What may pass is tried again for as long as it takes. */
  async #untilDone<Result>(step: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await step();
      } catch (error) {
        if (failureOf(error) === 'final' || this.signal?.aborted === true)
          throw refusal(this.connection, error);
        await delay(backoffMs(attempt), undefined, this.signal && { signal: this.signal }).catch(
          () => undefined,
        );
      }
    }
  }
}

function conditionOf({ dataset, symbols, from, to }: TaskSelection): string {
  const conditions = [
    dataset === undefined ? [] : [`dataset = ${sqlText(dataset)}`],
    symbols === undefined || symbols.length === 0 ? [] : [`symbol IN ${sqlTexts(symbols)}`],
    from === undefined ? [] : [`to_time > ${sqlTime(from)}`],
    to === undefined ? [] : [`from_time < ${sqlTime(to)}`],
  ].flat();
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function keyOf({ dataset, venue, symbol, from, to }: TaskKey): string {
  const texts = `dataset = ${sqlText(dataset)} AND venue = ${sqlText(venue)} AND symbol = ${sqlText(symbol)}`;
  return `${texts} AND from_time = ${sqlTime(from)} AND to_time = ${sqlTime(to)}`;
}

function sqlTime(time: Micros): string {
  return `fromUnixTimestamp64Micro(${time}, 'UTC')`;
}

function rowOf(task: Task, version: number): object {
  const {
    dataset,
    venue,
    symbol,
    venueSymbol,
    from,
    to,
    state,
    attempt,
    rows,
    checksum,
    source,
    reason,
    worker,
  } = task;
  return {
    ...{ dataset, venue, symbol, venue_symbol: venueSymbol, from_time: textOf(from), to_time: textOf(to) },
    ...{
      state,
      attempt,
      rows,
      checksum,
      source,
      reason,
      worker,
      lease_until: textOf(task.leaseUntil),
      version,
    },
  };
}

/** As ClickHouse reads it. */
function textOf(time: Micros): string {
  return formatMicros(time).replace('T', ' ').replace('Z', '');
}

function taskOf(row: Row): Task {
  const { dataset, venue, symbol, venue_symbol: venueSymbol, state, attempt, rows, checksum, source } = row;
  return {
    ...{
      dataset,
      venue,
      symbol,
      venueSymbol,
      from: parseRfc3339(row.from_time),
      to: parseRfc3339(row.to_time),
    },
    ...{ state, attempt, rows, checksum, source, reason: row.reason, worker: row.worker },
    ...{ leaseUntil: parseRfc3339(row.lease_until), changedAt: parseRfc3339(row.changed_at) },
  };
}
