import type { Retry } from '@autotrader/storage-clickhouse';
import type { Logger } from 'pino';

/** Within an outage a line is said no more often than this. */
const SAY_EVERY_MS = 5_000;

/** Knows whether ClickHouse takes what it is given, and says in the log when it stops doing so and when it does again. */
export class StorageHealth {
  #failingSince: number | undefined;
  #away: string | undefined;
  #reason = '';
  #saidAt = -Infinity;

  constructor(
    private readonly log: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Why rows are not being stored just now; `undefined` while they are. */
  get problem(): string | undefined {
    if (this.#away !== undefined) return this.#away;
    return this.#failingSince === undefined ? undefined : `ClickHouse does not take rows (${this.#reason})`;
  }

  /** Nothing could be stored from the start on, for this reason. */
  away(reason: string): void {
    this.#away = reason;
  }

  /** It can now. */
  back(): void {
    this.#away = undefined;
  }

  /** An insert failed and will be tried again. */
  retried({ table, rows, reason, delayMs }: Retry): void {
    this.#failingSince ??= this.now();
    this.#reason = reason;
    if (this.now() - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = this.now();
    this.log.warn(
      `ClickHouse: ${rows} rows of ${table} are not stored yet (${reason}); next try in ${seconds(delayMs)} s`,
    );
  }

  /** An insert was acknowledged. */
  stored(): void {
    if (this.#failingSince === undefined) return;
    const away = this.now() - this.#failingSince;
    this.#failingSince = undefined;
    this.#saidAt = -Infinity;
    this.log.info(`ClickHouse: takes rows again after ${seconds(away)} s; what waits is stored in its order`);
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
