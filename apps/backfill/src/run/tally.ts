import type { Instrument } from '@autotrader/connector-core';

/** What has become of the tasks of a symbol in this run. */
export class Tally {
  done = 0;
  empty = 0;
  failed = 0;
  /** Fetched, and their time is not over. */
  open = 0;
  /** Rows that were stored. */
  rows = 0;
  /** Finished by earlier runs, or by other workers. */
  before = 0;
  /** What there is to do, with what is done. */
  total = 0;
  requests = 0;
  /** Requests of what is done. */
  requested = 0;
  readonly reasons = new Map<string, number>();

  constructor(readonly instrument: Instrument) {}

  /** Tasks that have come to an end, in this run or before. */
  get finished(): number {
    return this.done + this.empty + this.failed + this.open;
  }

  fail(reason: string): void {
    this.failed++;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}
