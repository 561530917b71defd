import type { Backoff } from '../connection/backoff.js';
import { ConnectorError, RateLimitedError, RejectedError, TransportError } from '../errors.js';
import type { ResolvedSymbols, Venue } from '../venue.js';

/** Told before every further try: why, and how long until then. */
export type OnRetry = (error: ConnectorError, retryInMs: number, tries: number) => void;

/**
 * Looks symbols up at the venue for as long as it takes.
 * @throws RejectedError when the venue has none of them. TransportError when `signal` ends the tries.
 */
export async function resolveSymbols(
  venue: Venue,
  symbols: readonly string[],
  backoff: Backoff,
  onRetry: OnRetry,
  signal: AbortSignal,
): Promise<ResolvedSymbols> {
  if (symbols.length === 0) throw new RejectedError(venue.name, 'no symbols: name at least one');
  while (!signal.aborted) {
    try {
      const resolved = await venue.resolve(symbols, signal);
      if (signal.aborted) break;
      if (resolved.instruments.length > 0) return resolved;
      throw new RejectedError(venue.name, resolved.rejected.map(({ reason }) => reason).join(' '));
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof ConnectorError) || !error.retryable) throw error;
      const wait =
        error instanceof RateLimitedError ? Math.max(error.retryAfterMs, backoff.next()) : backoff.next();
      onRetry(error, wait, backoff.tries);
      await pause(wait, signal);
    }
  }
  throw new TransportError(venue.name, 'stopped before the venue was reached');
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
