/** Which rows of a column hold a value: one bit a row, least significant bit first, as Arrow wants it. */
export interface Validity {
  readonly bitmap: Uint8Array;
  readonly nullCount: number;
}

/** Every row that is not `NaN` is there. */
export function validityOf(values: Float64Array): Validity {
  const bitmap = new Uint8Array((values.length + 7) >> 3);
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) nullCount++;
    else bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return { bitmap, nullCount };
}

/** Packs ones and zeros, one byte each, to one bit each. */
export function packBits(flags: Uint8Array): Uint8Array {
  const bitmap = new Uint8Array((flags.length + 7) >> 3);
  for (let row = 0; row < flags.length; row++)
    if (flags[row] === 1) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  return bitmap;
}
