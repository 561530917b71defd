/** Hands out client ids: TWS takes each of at most 32 clients by one that nobody else has. */
export class ClientIds {
  readonly #taken = new Set<number>();
  /** Somebody else has these, as far as we were told last. */
  readonly #refused = new Set<number>();

  constructor(private readonly first: number) {}

  /** The least from the first on that neither we nor, as far as we know, anybody else has. */
  take(): number {
    let id = this.first;
    while (this.#taken.has(id) || this.#refused.has(id)) id++;
    this.#taken.add(id);
    return id;
  }

  giveBack(id: number): void {
    this.#taken.delete(id);
  }

  /** TWS said that somebody else has it. When thirty were refused they are all tried again: others come and go. */
  refuse(id: number): void {
    if (this.#refused.size >= 30) this.#refused.clear();
    this.#refused.add(id);
  }
}
