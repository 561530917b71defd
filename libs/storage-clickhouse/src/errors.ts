import { isNativeError } from 'node:util/types';

/**
 * What went wrong with the storage:
 * - `CONFIGURATION` the URL or the database name cannot be one.
 * - `UNREACHABLE` nothing answers at the URL, or not as ClickHouse does.
 * - `AUTHENTICATION` the server refuses the user or the password.
 * - `READ_ONLY` the user may not write.
 * - `VERSION` the server is too old.
 * - `DATABASE` the database is not there and may not be created.
 * - `MIGRATION` a migration cannot be applied, or is not the one that was applied before.
 * - `REJECTED` the server refuses for good: asking again cannot help.
 * - `SHORT_WRITE` the server acknowledged fewer rows than were sent.
 * - `CLOSED` the storage was closed before the server acknowledged, or before the spool had it.
 * - `SPOOL_LOCKED` another process uses the spool's folder.
 * - `SPOOL_PERMISSION` the spool's folder or a file in it may not be read or written.
 * - `SPOOL_FOREIGN` the folder holds something else than a spool.
 * - `SPOOL_VERSION` a file of the spool was written by another version of this package.
 * - `SPOOL_DISK` the spool's folder cannot be used: the disk is full or fails.
 */
export type StorageErrorCode =
  | 'CONFIGURATION'
  | 'UNREACHABLE'
  | 'AUTHENTICATION'
  | 'READ_ONLY'
  | 'VERSION'
  | 'DATABASE'
  | 'MIGRATION'
  | 'REJECTED'
  | 'SHORT_WRITE'
  | 'CLOSED'
  | 'SPOOL_LOCKED'
  | 'SPOOL_PERMISSION'
  | 'SPOOL_FOREIGN'
  | 'SPOOL_VERSION'
  | 'SPOOL_DISK';

/** What every error of the storage is: one line that says what happened and what to do, never a password. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const LONGEST_REASON = 400;

/** Another error's message as part of one line. */
export function reasonOf(error: unknown): string {
  const message = isNativeError(error) ? error.message : String(error);
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}...` : line;
}
