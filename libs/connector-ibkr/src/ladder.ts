import type { DepthLevel } from '@autotrader/schemas';

/** Insert, update, delete: what happens to the level at a position. */
export type DepthOperation = 0 | 1 | 2;

/**
 * One side of a book that is told by positions: what is inserted moves the levels below it down, what is deleted moves them
 * up. https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/#market-depth
 */
export class Ladder {
  readonly #levels: DepthLevel[] = [];

  /** Best first. */
  get levels(): readonly DepthLevel[] {
    return this.#levels;
  }

  /** @returns whether there is such a position; where not, the ladder is no more what the venue has. */
  apply(operation: DepthOperation, position: number, level: DepthLevel): boolean {
    const isThere = operation === 0 ? position <= this.#levels.length : position < this.#levels.length;
    if (!isThere) return false;
    if (operation === 0) this.#levels.splice(position, 0, level);
    else if (operation === 1) this.#levels[position] = level;
    else this.#levels.splice(position, 1);
    return true;
  }

  clear(): void {
    this.#levels.length = 0;
  }
}
