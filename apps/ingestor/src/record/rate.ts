/** Turns a growing total into a rate a second, between one reading and the next. */
export class Rate {
  #total = 0;
  #readAt = performance.now();

  /** Growth a second since the last call. */
  next(total: number): number {
    const now = performance.now();
    const rate = ((total - this.#total) * 1000) / Math.max(1, now - this.#readAt);
    this.#total = total;
    this.#readAt = now;
    return rate;
  }
}
