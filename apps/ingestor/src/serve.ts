import type { Config } from './config/schema.js';
import { Recording, type RecordingContext } from './record/recording.js';

/**
 * Records what the config names until the signal; then flushes and closes everything.
 * @throws UserError, StorageError, EmbeddedClickHouseError, RejectedError: each one clear line.
 */
export async function serve(config: Config, context: RecordingContext, signal: AbortSignal): Promise<void> {
  const recording = await Recording.open(config, context);
  try {
    const ending = ended(signal);
    await Promise.race([ending, recording.start().then(() => Promise.race([ending, recording.failure()]))]);
    context.log.info('stopping: what is buffered is stored first; a second Ctrl-C ends without it');
  } finally {
    await recording.close();
  }
}

/** Resolves when the signal is given. */
export function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
