import type { Micros } from '@autotrader/schemas';

const VIEW = new DataView(new ArrayBuffer(8));
/** Ordinals of one content in one second; more equal trades of a second than that share the last id. */
const MOST_ORDINALS = 2 ** 13;
const HASH_BITS = 40;

/** Mixes words into two lanes of 32 bits (the finalizer of murmur3). */
class Hash {
  #high = 0;
  #low = 0;

  begin(): void {
    this.#high = 0x9e3779b9;
    this.#low = 0x85ebca6b;
  }

  word(word: number): void {
    this.#high = Math.imul(this.#high ^ word, 0xcc9e2d51);
    this.#high ^= this.#high >>> 15;
    this.#low = Math.imul(this.#low ^ word ^ this.#high, 0x1b873593);
    this.#low ^= this.#low >>> 13;
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
    return (this.#low >>> 0) + (this.#high >>> (64 - HASH_BITS)) * 2 ** 32;
  }
}

/** One for all: a hash is begun and finished within a call. */
const hash = new Hash();

/**
 * How often each hash came: a table of its own, since a `Map` of a thousand numbers a second and stream is what a collector of
 * garbage then spends its time on.
 */
class Counts {
  /** The hash and one, 0 where there is none. */
  #keys = new Float64Array(64);
  #counts = new Uint16Array(64);
  #used = 0;

  /** How often it came before; counts it. */
  next(value: number): number {
    if (this.#used * 2 >= this.#keys.length) this.#grow();
    const slot = this.#slotOf(value + 1);
    if (this.#keys[slot] === 0) {
      this.#keys[slot] = value + 1;
      this.#counts[slot] = 0;
      this.#used++;
    }
    const before = this.#counts[slot] ?? 0;
    this.#counts[slot] = Math.min(before + 1, MOST_ORDINALS - 1);
    return before;
  }

  clear(): void {
    if (this.#used > 0) this.#keys.fill(0);
    this.#used = 0;
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = (key >>> 0) & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(keys.length * 2);
    this.#counts = new Uint16Array(keys.length * 2);
    for (const [at, key] of keys.entries()) {
      if (key === 0) continue;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#counts[slot] = counts[at] ?? 0;
    }
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
  #counts = new Counts();
  #earlier = new Counts();

  /** The id of the next event at this time (a whole second, microseconds), which says these numbers and texts. */
  next(time: Micros, numbers: readonly number[], texts: readonly string[]): number {
    if (time > this.#time) {
      [this.#counts, this.#earlier] = [this.#earlier, this.#counts];
      this.#counts.clear();
      this.#time = time;
    }
    hash.begin();
    hash.number(time);
    for (const value of numbers) hash.number(value);
    for (const value of texts) hash.text(value);
    const { value } = hash;
    const ordinal = (time === this.#time ? this.#counts : this.#earlier).next(value);
    // 0 stands for none.
    return ordinal * 2 ** HASH_BITS + value || 1;
  }
}
