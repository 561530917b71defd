import type { TableName } from '../encode/encode-batch.js';
import type { Spool } from '../spool/spool.js';
import type { Inserter } from './inserter.js';
import { type DrainListener, Lane } from './lane.js';

/** Carries what a spool holds into ClickHouse: the tables side by side, each in order. */
export class Drain {
  readonly #stopping = new AbortController();
  readonly #lanes = new Map<TableName, Lane>();
  readonly #running = new Map<TableName, Promise<void>>();
  #isOver = false;

  constructor(
    private readonly spool: Spool,
    private readonly inserter: Inserter,
    private readonly listener: DrainListener,
  ) {
    for (const table of spool.tables) this.wake(table);
  }

  /** There may be something of this table. */
  wake(table: TableName): void {
    if (!this.#running.has(table) && this.#hasWork(table)) this.#running.set(table, this.#run(table));
  }

  /**
   * Resolves when nothing is inserted any more.
   * @param drains whether it goes on while ClickHouse takes what it is given; it waits for nothing then, either.
   */
  async stop(drains: boolean): Promise<void> {
    this.#isOver = !drains;
    this.#stopping.abort();
    await this.inserter.close();
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Resolves when what was inserted is forgotten, or must stay, since what follows its insert is not done. */
  async settled(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.settled()));
  }

  async #run(table: TableName): Promise<void> {
    const lane = this.#laneOf(table);
    while (this.#hasWork(table)) if (!(await lane.carry())) this.#isOver = true;
    this.#running.delete(table);
  }

  #hasWork(table: TableName): boolean {
    return !this.#isOver && this.spool.hasNext(table);
  }

  #laneOf(table: TableName): Lane {
    const { spool, inserter, listener } = this;
    const lane =
      this.#lanes.get(table) ??
      new Lane(table, { spool, inserter, listener, stopping: this.#stopping.signal });
    this.#lanes.set(table, lane);
    return lane;
  }
}
