/** Runs tasks of the same lane one after another; one that fails does not hold up the next. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  run<Result>(lane: string, task: () => Promise<Result>): Promise<Result> {
    const previous = this.#last.get(lane) ?? Promise.resolve();
    const result = previous.then(task);
    const settled = result.catch(() => undefined);
    this.#last.set(lane, settled);
    return result;
  }

  /** Resolves when all that was asked for so far has ended, well or not. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
