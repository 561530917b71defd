/** Minutes without a hole, counted from the epoch, both inclusive. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/**
 * The minutes as runs, earliest first, none longer than `longest`.
 * @param bridged runs with no more minutes than that between them are one.
 */
export function runsOf(minutes: Iterable<number>, longest = Infinity, bridged = 0): Run[] {
  const sorted = Float64Array.from(minutes).sort();
  const runs: Run[] = [];
  let from = NaN;
  let to = NaN;
  for (const minute of sorted) {
    if (minute === to) continue;
    if (minute <= to + 1 + bridged && minute - from < longest) {
      to = minute;
      continue;
    }
    if (!Number.isNaN(from)) runs.push({ from, to });
    from = to = minute;
  }
  if (!Number.isNaN(from)) runs.push({ from, to });
  return runs;
}
