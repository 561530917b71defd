const LEAST_ROOM = 16;

/**
 * Rows to make room for at the beginning of a batch: a little more than the last one had, since the next is most often
 * alike, and never more than a batch holds. Columns as long as the largest batch would be mostly air in a quiet market,
 * and collecting that air stops the process.
 */
export function roomAfter(rows: number, capacity: number): number {
  return Math.min(capacity, Math.max(LEAST_ROOM, Math.ceil(rows * 1.125)));
}
