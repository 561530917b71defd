import type { Notice, NoticeKind } from '../notice.js';

/** Keeps the notices, and lets one wait for them. */
export class Notices {
  readonly all: Notice[] = [];
  readonly #waiting = new Set<() => void>();

  readonly onNotice = (notice: Notice): void => {
    this.all.push(notice);
    for (const wake of this.#waiting) wake();
  };

  /** The messages of a kind. */
  of(kind: NoticeKind): string[] {
    return this.all.filter((notice) => notice.kind === kind).map(({ message }) => message);
  }

  /** Resolves with the nth message of a kind, from 1. */
  async next(kind: NoticeKind, nth = 1): Promise<string> {
    for (;;) {
      const message = this.of(kind)[nth - 1];
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }
}
