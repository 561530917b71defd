import type { Task, TaskLedger } from '@autotrader/storage-clickhouse';

/** Keeps the tasks that are under way ours: their leases are renewed three times before they end. */
export class Leases {
  readonly #tasks = new Map<Task, number>();
  readonly #timer: NodeJS.Timeout;
  #renewing = Promise.resolve();

  constructor(
    private readonly ledger: TaskLedger,
    private readonly leaseMs: number,
  ) {
    this.#timer = setInterval(() => this.#renew(), leaseMs / 3);
  }

  hold(task: Task): void {
    this.#tasks.set(task, 0);
  }

  release(task: Task): void {
    this.#tasks.delete(task);
  }

  /** Those that are held still. */
  get held(): Task[] {
    return [...this.#tasks.keys()];
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
  }

  #renew(): void {
    for (const [task, times] of this.#tasks) this.#tasks.set(task, times + 1);
    const byTimes = new Map<number, Task[]>();
    for (const [task, times] of this.#tasks) byTimes.set(times, [...(byTimes.get(times) ?? []), task]);
    this.#renewing = this.#renewing.then(async () => {
      for (const [times, tasks] of byTimes) {
        const ours = tasks.filter((task) => this.#tasks.has(task));
        // A renewal that fails is tried again with the next one; at worst somebody else does the same work.
        await this.ledger.renew(ours, times, this.leaseMs).catch(() => undefined);
      }
    });
  }
}
