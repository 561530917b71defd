/** The latest entries, oldest first; past its capacity the oldest are forgotten. */
export class BoundedLog<T> {
  readonly #entries: T[] = [];
  #oldest = 0;

  constructor(private readonly capacity: number) {}

  get length(): number {
    return this.#entries.length;
  }

  push(entry: T): void {
    if (this.#entries.length < this.capacity) this.#entries.push(entry);
    else {
      this.#entries[this.#oldest] = entry;
      this.#oldest = (this.#oldest + 1) % this.capacity;
    }
  }

  at(index: number): T | undefined {
    return this.#entries[(this.#oldest + index) % Math.max(1, this.#entries.length)];
  }

  slice(from: number, to: number): T[] {
    const entries: T[] = [];
    for (let index = Math.max(0, from); index < Math.min(to, this.length); index += 1)
      entries.push(this.at(index) as T); // inside the bounds, so there is one
    return entries;
  }

  /** Index of the first entry whose key is not below a value, the keys growing along the log. */
  firstAtLeast(value: number, keyOf: (entry: T) => number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keyOf(this.at(middle) as T) < value)
        low = middle + 1; // inside the bounds, so there is one
      else high = middle;
    }
    return low;
  }
}
