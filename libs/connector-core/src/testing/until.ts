import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 2;
const WITHIN_MS = 15_000;

/**
 * Resolves once the condition holds; it is looked at every 2 ms.
 * @throws Error when it does not within 15 s; `what` says what was waited for.
 */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > WITHIN_MS) throw new Error(`waited in vain for: ${what}`);
    await delay(POLL_MS);
  }
}
