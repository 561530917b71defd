interface Waiter {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
}

/** Promises that wait for a condition; it is looked at whenever somebody says that something has changed. */
export class Waiters {
  #waiting: Waiter[] = [];

  /** Resolves once `isDone`. */
  until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isDone, resolve }));
  }

  /** Something has changed. */
  wake(): void {
    const done = this.#waiting.filter(({ isDone }) => isDone());
    this.#waiting = this.#waiting.filter((waiter) => !done.includes(waiter));
    for (const { resolve } of done) resolve();
  }
}
