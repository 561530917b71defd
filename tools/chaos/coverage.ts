/** Ids from one to another, both included. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** How what is stored and what is said to be missing cover the ids of a stream. */
export interface Coverage {
  /** From the first to the last that is stored. */
  readonly ids: number;
  readonly stored: number;
  /** Said to be missing, and not stored. */
  readonly missing: number;
  /** Neither. */
  readonly lost: number;
  /** Stored more than once. */
  readonly doubled: number;
  /** Stored, and said to be missing all the same. */
  readonly contradicted: number;
}

/** Holds the ids that are stored, each as often as it is, against the gaps. */
export function coverageOf(stored: readonly IdRange[], gaps: readonly IdRange[]): Coverage {
  const first = Math.min(...stored.slice(0, 1).map(({ from }) => from), Infinity);
  const sorted = [...stored].sort((a, b) => a.from - b.from);
  const begin = Math.min(first, sorted[0]?.from ?? 0);
  const end = sorted.reduce((last, { to }) => Math.max(last, to), begin - 1);
  const ids = end - begin + 1;
  const storedUnion = union(sorted);
  const gapUnion = union(gaps.filter(({ to, from }) => to >= begin && from <= end));
  const both = sizeOf(union([...storedUnion, ...gapUnion].map((range) => within(range, begin, end))));
  const [once, said] = [sizeOf(storedUnion), sizeOf(gapUnion.map((range) => within(range, begin, end)))];
  return {
    ids,
    stored: once,
    missing: both - once,
    lost: ids - both,
    doubled: sizeOf(sorted) - once,
    contradicted: once + said - both,
  };
}

/** The same ids, each once, in order. */
function union(ranges: readonly IdRange[]): IdRange[] {
  const whole: { from: number; to: number }[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}

function within({ from, to }: IdRange, begin: number, end: number): IdRange {
  return { from: Math.max(from, begin), to: Math.min(to, end) };
}

function sizeOf(ranges: readonly IdRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
