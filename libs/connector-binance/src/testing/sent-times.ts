import type { Micros } from '@autotrader/schemas';

const LEAST_ROOM = 256;
const MOST_KEPT = 65_536;

/** The latest ids of a stream in growing order, and when each was sent; past 65,536 the oldest are forgotten. */
export class SentTimes {
  #ids = new Float64Array(LEAST_ROOM);
  #times = new Float64Array(LEAST_ROOM);
  #oldest = 0;
  #length = 0;

  /** False when the id is there already; its first time stands. */
  add(id: number, time: Micros): boolean {
    const rank = this.#rankOf(id);
    if (rank < this.#length && this.#ids[this.#place(rank)] === id) return false;
    const forgotten = this.#makeRoom();
    this.#insert(Math.max(0, rank - forgotten), id, time);
    return true;
  }

  timeOf(id: number): Micros | undefined {
    const place = this.#place(this.#rankOf(id));
    return this.#length > 0 && this.#ids[place] === id ? this.#times[place] : undefined;
  }

  /** Nearly always the end: ids grow, unless something was reordered. */
  #rankOf(id: number): number {
    let rank = this.#length;
    if (rank === 0 || id > this.#idAt(rank - 1)) return rank;
    let low = 0;
    while (low < rank) {
      const middle = (low + rank) >>> 1;
      if (this.#idAt(middle) < id) low = middle + 1;
      else rank = middle;
    }
    return low;
  }

  #insert(rank: number, id: number, time: Micros): void {
    for (let index = this.#length - 1; index > rank; index -= 1) {
      this.#ids[this.#place(index)] = this.#idAt(index - 1);
      this.#times[this.#place(index)] = this.#times[this.#place(index - 1)] ?? NaN;
    }
    this.#ids[this.#place(rank)] = id;
    this.#times[this.#place(rank)] = time;
  }

  /** Makes the log one longer, or gives up the oldest entry: how many were forgotten. */
  #makeRoom(): 0 | 1 {
    if (this.#length === MOST_KEPT) {
      this.#oldest = this.#place(1);
      return 1;
    }
    if (this.#length === this.#ids.length) {
      const room = this.#length * 2;
      [this.#ids, this.#times] = [widened(this.#ids, room), widened(this.#times, room)];
    }
    this.#length += 1;
    return 0;
  }

  #idAt(rank: number): number {
    return this.#ids[this.#place(rank)] ?? NaN;
  }

  /** The room is a power of two. Entries wrap around only once it has its greatest size. */
  #place(rank: number): number {
    return (this.#oldest + rank) & (this.#ids.length - 1);
  }
}

function widened(values: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(room);
  wider.set(values);
  return wider;
}
