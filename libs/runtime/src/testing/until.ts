import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;
const WITHIN_MS = 20_000;

/**
 * Resolves with the first answer that is neither `false` nor `undefined`; it is asked for again and again.
 * @throws Error when there is none within 20 s; `what` says what was waited for.
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | false | undefined> | Answer | false | undefined,
): Promise<Answer> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (performance.now() - startedAt > WITHIN_MS) throw new Error(`waited in vain for: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
