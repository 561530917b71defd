import { reasonOf } from '../errors.js';
import type { OnNotice } from '../notice.js';
import { batchesText, bytesText } from './amounts.js';

/** Says, once each, when a spool stops taking batches and when it takes them again. */
export class SpoolNotices {
  #waitsSince: number | undefined;

  constructor(
    private readonly dir: string,
    private readonly onNotice: OnNotice,
  ) {}

  get isWaiting(): boolean {
    return this.#waitsSince !== undefined;
  }

  /** The size limit is reached. */
  full(limitBytes: number, deadLetterBytes: number): void {
    const dead =
      deadLetterBytes === 0 ? '' : `; ${bytesText(deadLetterBytes)} are dead letters: retry or delete them`;
    const what = `is at its limit of ${bytesText(limitBytes)}`;
    this.#waits(`${what}: nothing is accepted until ClickHouse has taken what is in it${dead}`);
  }

  /** It cannot be written. */
  diskFails(error: unknown): void {
    const { code = reasonOf(error) } = error as NodeJS.ErrnoException;
    const remedy = ['ENOSPC', 'EDQUOT'].includes(code) ? 'make room on its disk' : 'check its disk';
    this.#waits(`cannot be written (${code}): nothing is accepted until it can, ${remedy}`);
  }

  /** It takes batches again. */
  flows(): void {
    if (this.#waitsSince === undefined) return;
    const seconds = ((performance.now() - this.#waitsSince) / 1000).toFixed(1);
    this.#waitsSince = undefined;
    const message = `spool ${this.dir} takes batches again after ${seconds} s`;
    this.onNotice({ kind: 'SPOOL_FLOWS', level: 'info', message });
  }

  /** An earlier run left batches. */
  left(batches: number, bytes: number): void {
    const message = `spool ${this.dir} holds ${batchesText(batches)} (${bytesText(bytes)}) of an earlier run, to be stored first`;
    this.onNotice({ kind: 'SPOOL_LEFT', level: 'info', message });
  }

  /** What was written cannot be read back. */
  damaged(path: string, table: string): void {
    const what = `a batch for ${table} in ${path} cannot be read back`;
    const message = `${what}: it is not stored, and the file is kept as ${path}.corrupt: check the disk`;
    this.onNotice({ kind: 'SPOOL_CORRUPT', level: 'error', message });
  }

  /** A dead letter cannot be sent again. */
  unreadable(path: string): void {
    const message = `${path} is damaged or of another version: it cannot be sent again, and stays`;
    this.onNotice({ kind: 'SPOOL_CORRUPT', level: 'error', message });
  }

  #waits(what: string): void {
    if (this.#waitsSince !== undefined) return;
    this.#waitsSince = performance.now();
    this.onNotice({ kind: 'SPOOL_WAITS', level: 'error', message: `spool ${this.dir} ${what}` });
  }
}
