/** Why a server could not be started. */
export type EmbeddedClickHouseErrorCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'PORT_IN_USE'
  | 'DATA_DIR_NOT_WRITABLE'
  | 'DATA_DIR_IN_USE'
  | 'START_FAILED'
  | 'START_TIMEOUT';

/** A server could not be started. The message is one line: what happened, and what to do about it. */
export class EmbeddedClickHouseError extends Error {
  override readonly name = 'EmbeddedClickHouseError';

  constructor(
    readonly code: EmbeddedClickHouseErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code that Node's own errors carry, such as `EADDRINUSE`. */
export function systemErrorCode(error: unknown): string | undefined {
  // Not by instanceof: under jest they come from another realm.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
