/** Texts without repetition, and which of them stands in each row. */
export interface Texts {
  readonly values: readonly string[];
  readonly indices: Indices;
}

/** Signed, since that is what every Arrow reader takes; as narrow as the number of values allows. */
export type Indices = Int8Array | Int16Array | Int32Array;

/** The texts of rows, numbered in the order in which they first appear. */
export function textsOf(rows: readonly string[]): Texts {
  const { values, numbers } = distinct(rows);
  const indices = allocateIndices(values.length, rows.length);
  indices.set(numbers);
  return { values, indices };
}

/** One text for each code: row `i` holds `texts[codes[i]]`. Equal texts of different codes become one. */
export function textsByCode(texts: readonly string[], codes: Int32Array): Texts {
  const { values, numbers } = distinct(texts);
  const indices = allocateIndices(values.length, codes.length);
  if (values.length > 1) remap(codes, Int32Array.from(numbers), indices);
  return { values, indices };
}

function remap(codes: Int32Array, numbers: Int32Array, indices: Indices): void {
  for (let row = 0; row < codes.length; row++) indices[row] = numbers[codes[row] ?? 0] ?? 0;
}

function distinct(texts: readonly string[]): { values: string[]; numbers: number[] } {
  const numberOf = new Map<string, number>();
  const numbers = texts.map((text) => {
    const known = numberOf.get(text);
    if (known !== undefined) return known;
    numberOf.set(text, numberOf.size);
    return numberOf.size - 1;
  });
  return { values: [...numberOf.keys()], numbers };
}

function allocateIndices(values: number, rows: number): Indices {
  if (values <= 2 ** 7) return new Int8Array(rows);
  return values <= 2 ** 15 ? new Int16Array(rows) : new Int32Array(rows);
}
