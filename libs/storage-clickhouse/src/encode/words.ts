const WORD = 2 ** 32;

/**
 * Whole, non-negative doubles (at most 2^53) as 64-bit integers, little endian, two 32-bit words each: no
 * BigInt on the way. `NaN` (the event has none) becomes 0.
 */
export function toInt64Words(values: Float64Array): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(values.length * 2);
  for (let row = 0, word = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    const high = (value / WORD) >>> 0;
    words[word++] = value - high * WORD;
    words[word++] = high;
  }
  return words;
}

/** 2^64 - 1 less the value, as {@link toInt64Words} writes it: what is smaller becomes greater. */
export function toComplementWords(values: Float64Array): Uint32Array<ArrayBuffer> {
  const words = toInt64Words(values);
  for (let word = 0; word < words.length; word++) words[word] = ~(words[word] ?? 0);
  return words;
}
