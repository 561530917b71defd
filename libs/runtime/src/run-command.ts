import { ConnectorError } from '@autotrader/connector-core';
import { EmbeddedClickHouseError } from '@autotrader/embedded-clickhouse';
import { StorageError } from '@autotrader/storage-clickhouse';
import { UserError } from './user-error.js';

/** Exit code of a program that a second Ctrl-C ended. */
const INTERRUPTED = 130;
/** One Ctrl-C can come twice: from the terminal, and handed on by npm or Nx. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs a command until it ends: the first SIGINT or SIGTERM aborts the signal it was given, a second one ends the
 * process at once. What the user can mend is said in one line; the exit code is 1 then.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stopping = new AbortController();
  let firstAt = Infinity;
  const stop = (): void => {
    const now = performance.now();
    if (now - firstAt > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
    firstAt = Math.min(firstAt, now);
    stopping.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    process.exitCode = await command(stopping.signal);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(
      isPlain(error) ? `error: ${error.message}\n` : `unexpected error: ${describe(error)}\n`,
    );
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function isPlain(error: unknown): error is Error {
  return [UserError, StorageError, EmbeddedClickHouseError, ConnectorError].some(
    (kind) => error instanceof kind,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
