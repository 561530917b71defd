import { Gauge, type Registry } from 'prom-client';
import type { Tally } from '../run/tally.js';

const STATES = ['done', 'empty', 'failed', 'open', 'pending'] as const;

/** What a run tells of its tasks, all symbols together. They are gauges: each run counts anew. */
export class RunMetrics {
  readonly #tasks: Gauge<'venue' | 'state'>;
  readonly #rows: Gauge<'venue'>;
  readonly #requests: Gauge<'venue'>;
  readonly #progressAt: Gauge<'venue'>;
  readonly #running: Gauge<'venue'>;
  #ended = -1;

  constructor(
    registry: Registry,
    private readonly venue: string,
    private readonly now: () => number = Date.now,
  ) {
    const gauge = <Label extends string = 'venue'>(name: string, help: string, ...labels: Label[]) =>
      new Gauge({ name, help, labelNames: ['venue', ...labels], registers: [registry] });
    this.#tasks = gauge(
      'backfill_tasks',
      'Tasks of this run by state; open: fetched while its time was not over, pending: to be done',
      'state',
    );
    this.#rows = gauge('backfill_rows', 'Rows that this run has stored');
    this.#requests = gauge('backfill_requests', 'Requests that this run has made for what it has fetched');
    this.#progressAt = gauge(
      'backfill_progress_timestamp_seconds',
      'Our clock when a task of this run last came to an end; at the start before the first',
    );
    this.#running = gauge('backfill_running', '1 while the run is under way, 0 once it has ended');
  }

  /** What has become of the tasks so far. */
  update(tallies: readonly Tally[]): void {
    const { venue } = this;
    const sum = (count: (tally: Tally) => number): number =>
      tallies.reduce((total, tally) => total + count(tally), 0);
    const ended = sum(({ finished }) => finished);
    const counts = {
      ...{ done: sum(({ done }) => done), empty: sum(({ empty }) => empty) },
      ...{ failed: sum(({ failed }) => failed), open: sum(({ open }) => open) },
      pending: Math.max(0, sum(({ total }) => total) - ended),
    };
    for (const state of STATES) this.#tasks.set({ venue, state }, counts[state]);
    this.#rows.set(
      { venue },
      sum(({ rows }) => rows),
    );
    this.#requests.set(
      { venue },
      sum(({ requested }) => requested),
    );
    this.#running.set({ venue }, 1);
    if (ended !== this.#ended) this.#progressAt.set({ venue }, this.now() / 1_000);
    this.#ended = ended;
  }

  /** The run is over, whatever became of it. */
  end(): void {
    this.#running.set({ venue: this.venue }, 0);
  }
}
