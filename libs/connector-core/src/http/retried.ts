import { setTimeout as delay } from 'node:timers/promises';
import { ConnectorError, RateLimitedError } from '../errors.js';

/** How often, and how long apart, something is tried. */
export interface RetryOptions {
  /** Ends the waiting: what failed last is thrown then. */
  readonly signal: AbortSignal;
  /** Tries after the first; 3 by default. */
  readonly retries?: number | undefined;
  /** The first wait, milliseconds, which doubles; 500 by default. Up to half of it is taken off at random. */
  readonly firstMs?: number | undefined;
  /** Called before each wait; must not throw. */
  readonly onRetry?: ((error: ConnectorError, waitMs: number) => void) | undefined;
  /** 0 to 1; passed in so that tests decide. */
  readonly random?: (() => number) | undefined;
}

const RETRIES = 3;
const FIRST_MS = 500;

/**
 * Tries what may pass again, after a wait that doubles, or the one the venue asks for where that is longer.
 * @throws what it failed with at last.
 */
export async function retried<Answer>(
  options: RetryOptions,
  request: () => Promise<Answer>,
): Promise<Answer> {
  const { signal, retries = RETRIES, firstMs = FIRST_MS, onRetry, random = Math.random } = options;
  for (let tries = 0; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ConnectorError) || !error.retryable) throw error;
      if (tries >= retries || signal.aborted) throw error;
      const asked = error instanceof RateLimitedError ? error.retryAfterMs : 0;
      const waitMs = Math.max(asked, firstMs * 2 ** tries * (1 - random() / 2));
      onRetry?.(error, waitMs);
      await delay(waitMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
