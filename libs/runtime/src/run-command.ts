import { ConnectorError } from '@autotrader/connector-core';
import { EmbeddedClickHouseError } from '@autotrader/embedded-clickhouse';
import { StorageError } from '@autotrader/storage-clickhouse';
import { redacted } from './secrets/redaction.js';
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
  process.once('uncaughtException', crash);
  try {
    checkTls();
    process.exitCode = await command(stopping.signal);
  } catch (error) {
    process.exitCode = 1;
    say(isPlain(error) ? `error: ${error.message}` : `unexpected error: ${describe(error)}`);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** What nobody has caught would be printed as it is. */
function crash(error: unknown): void {
  say(`unexpected error: ${describe(error)}`);
  process.exit(1);
}

function say(line: string): void {
  process.stderr.write(`${redacted(line)}\n`);
}

/** Whoever could stand in for a venue, or for ClickHouse, would get the keys. */
function checkTls(): void {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    throw new UserError(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 turns the check of certificates off: unset it; name your own authority by NODE_EXTRA_CA_CERTS',
    );
}

function isPlain(error: unknown): error is Error {
  return [UserError, StorageError, EmbeddedClickHouseError, ConnectorError].some(
    (kind) => error instanceof kind,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
