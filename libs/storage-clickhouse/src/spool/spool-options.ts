import type { TableName } from '../encode/encode-batch.js';
import { StorageError } from '../errors.js';
import type { OnNotice } from '../notice.js';

/** Where a spool is and how large it may get. */
export interface SpoolOptions {
  /** A folder of its own, made unless it is there; on a local disk. */
  readonly dir: string;
  /** Its files, dead letters among them, take no more than this; then writing waits. Default 10 GiB. */
  readonly maxBytes?: number | undefined;
  /** A file is begun when one has this length. Default 64 MiB. */
  readonly segmentBytes?: number | undefined;
}

/** Who works with a spool. */
export interface SpoolListener {
  readonly onNotice: OnNotice;
  /** There is one more record of this table. */
  readonly onAccepted: (table: TableName) => void;
}

/** How full a spool is. */
export interface SpoolState {
  /** Accepted batches that ClickHouse has not acknowledged. */
  readonly batches: number;
  /** Of these batches, as they are kept. */
  readonly bytes: number;
  /** Of the files, with what is acknowledged in them, and of the dead letters. */
  readonly diskBytes: number;
  readonly limitBytes: number;
  /** Of the batches that ClickHouse refused and that are kept beside. */
  readonly deadLetterBytes: number;
  /** When the oldest of these batches was accepted, our clock, milliseconds since the epoch. */
  readonly oldestAcceptedAt: number | undefined;
  /** Nothing can be accepted now: the limit is reached, or the disk is full or fails. */
  readonly isWaiting: boolean;
}

const MAX_BYTES = 10 * 2 ** 30;
const SEGMENT_BYTES = 64 * 2 ** 20;
/** A limit is worth little when a single file may take most of it. */
const LEAST_SEGMENTS = 8;

/** The sizes that hold. @throws StorageError CONFIGURATION when one is not above 0. */
export function sizesOf(options: SpoolOptions): { maxBytes: number; segmentBytes: number } {
  const { maxBytes = MAX_BYTES, segmentBytes = SEGMENT_BYTES } = options;
  if (!(maxBytes > 0 && segmentBytes > 0))
    throw new StorageError('CONFIGURATION', 'spool.maxBytes and spool.segmentBytes must be above 0');
  return { maxBytes, segmentBytes: Math.min(segmentBytes, Math.ceil(maxBytes / LEAST_SEGMENTS)) };
}
