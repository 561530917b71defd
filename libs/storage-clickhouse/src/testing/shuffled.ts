/** Numbers from 0 to 1 that look random and are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The values in an order that the random numbers decide. */
export function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ value }) => value);
}

/** The values in pieces of at most so many, each of another size. */
export function pieces<Value>(values: readonly Value[], most: number, random: () => number): Value[][] {
  const all: Value[][] = [];
  for (let first = 0; first < values.length;) {
    const size = 1 + Math.floor(random() * most);
    all.push(values.slice(first, first + size));
    first += size;
  }
  return all;
}
