import { setTimeout as delay } from 'node:timers/promises';
import { ConnectorError, RateLimitedError } from '@autotrader/connector-core';

const MOST_RETRIES = 3;
const RETRY_MS = 500;

/** Tries what may pass again, three times, after the wait the venue asks for or one that doubles. @throws what it was at last. */
export async function retried<Answer>(signal: AbortSignal, request: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ConnectorError) || !error.retryable) throw error;
      if (tries === MOST_RETRIES || signal.aborted) throw error;
      const asked = error instanceof RateLimitedError ? error.retryAfterMs : 0;
      await delay(Math.max(asked, RETRY_MS * 2 ** tries), undefined, { signal }).catch(() => undefined);
    }
  }
}
