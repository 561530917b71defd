/** What a person who runs the storage should hear of. */
export type NoticeKind =
  | 'SPOOL_LEFT'
  | 'SPOOL_CUT'
  | 'SPOOL_CORRUPT'
  | 'SPOOL_WAITS'
  | 'SPOOL_FLOWS'
  | 'DEAD_LETTER'
  | 'BARS_STALE'
  | 'SERVER_AWAY'
  | 'SERVER_BACK'
  | 'MIGRATED'
  | 'SPLIT';

/**
 * One line on something that happened:
 * - `SPOOL_LEFT` an earlier run left batches, they are stored first (info).
 * - `SPOOL_CUT` an append that a crash had interrupted was cut off; it had never been accepted (warn).
 * - `SPOOL_CORRUPT` bytes of the spool are damaged, and were moved aside (error).
 * - `SPOOL_WAITS` nothing can be accepted now, `write` waits: at the size limit, or the disk is full (error).
 * - `SPOOL_FLOWS` it is accepted again (info).
 * - `DEAD_LETTER` ClickHouse refuses a batch for good: it is kept in a file, the others go on (error).
 * - `BARS_STALE` ClickHouse has the ticks, but the bars of their minutes could not be computed (error).
 * - `SERVER_AWAY` ClickHouse cannot be used yet, the spool keeps what comes (warn).
 * - `SERVER_BACK` ClickHouse can be used, what the spool keeps is stored (info).
 * - `MIGRATED` migrations were applied (info).
 * - `SPLIT` a batch of too many days was stored day by day (info).
 */
export interface Notice {
  readonly kind: NoticeKind;
  readonly level: 'info' | 'warn' | 'error';
  /** One line: what happened and, where something is to be done, what. */
  readonly message: string;
}

/** Told each notice; must not throw. */
export type OnNotice = (notice: Notice) => void;

/** @param names of the migrations that were applied. */
export function migratedNotice(names: readonly string[]): Notice {
  return { kind: 'MIGRATED', level: 'info', message: `ClickHouse: applied ${names.join(', ')}` };
}

export function splitNotice({ table, rows }: Rows, pieces: number): Notice {
  const message = `ClickHouse: ${rows} rows for ${table} are of ${pieces} days, too many for one insert: stored day by day`;
  return { kind: 'SPLIT', level: 'info', message };
}

export function deadLetterNotice({ table, rows }: Rows, reason: string, path: string): Notice {
  const message = `${rows} rows for ${table} are not stored (${reason}); they are kept in ${path}: set right what it says and retry`;
  return { kind: 'DEAD_LETTER', level: 'error', message };
}

export function staleBarsNotice(reason: string): Notice {
  const message = `the bars of some minutes are not those of their ticks: ${reason}`;
  return { kind: 'BARS_STALE', level: 'error', message };
}

interface Rows {
  readonly table: string;
  readonly rows: number;
}
