import type { Micros } from '@autotrader/schemas';

const VIEW = new DataView(new ArrayBuffer(8));
/** Ordinals of one content in one second; more equal trades of a second than that share the last id. */
const MOST_ORDINALS = 2 ** 13;
const HASH_BITS = 40;

/** Mixes a word into two lanes of 32 bits (the finalizer of murmur3). */
class Hash {
  high = 0x9e3779b9;
  low = 0x85ebca6b;

  word(word: number): void {
    this.high = Math.imul(this.high ^ word, 0xcc9e2d51);
    this.high ^= this.high >>> 15;
    this.low = Math.imul(this.low ^ word ^ this.high, 0x1b873593);
    this.low ^= this.low >>> 13;
  }

  number(value: number): void {
    VIEW.setFloat64(0, value);
    this.word(VIEW.getInt32(0));
    this.word(VIEW.getInt32(4));
  }

  text(value: string): void {
    this.word(value.length);
    for (let at = 0; at < value.length; at++) this.word(value.charCodeAt(at));
  }

  /** 40 bits of it, as a whole number. */
  get value(): number {
    return (this.low >>> 0) + (this.high >>> (64 - HASH_BITS)) * 2 ** 32;
  }
}

/**
 * Ids for the events of one stream of a venue that has none, and tells times in seconds: made of what an event says, and of
 * how many of the same second said the same before. Whoever hears the same events gives them the same ids, in whatever order
 * those of a second come; two equal trades of one second have two. Below 2^53.
 */
export class ContentIds {
  #time: Micros = 0;
  /** How often each content came in this second, and in the one before. */
  #counts = new Map<number, number>();
  #earlier = new Map<number, number>();

  /** The id of the next event at this time (a whole second, microseconds), which says these numbers and texts. */
  next(time: Micros, numbers: readonly number[], texts: readonly string[]): number {
    if (time > this.#time) {
      this.#earlier = this.#counts;
      this.#counts = new Map();
      this.#time = time;
    }
    const hash = new Hash();
    hash.number(time);
    for (const value of numbers) hash.number(value);
    for (const value of texts) hash.text(value);
    const counts = time === this.#time ? this.#counts : this.#earlier;
    const ordinal = counts.get(hash.value) ?? 0;
    counts.set(hash.value, Math.min(ordinal + 1, MOST_ORDINALS - 1));
    // 0 stands for none.
    return ordinal * 2 ** HASH_BITS + hash.value || 1;
  }
}
