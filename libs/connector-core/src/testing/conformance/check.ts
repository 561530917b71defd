import type { Trial } from './trial.js';

/** One thing that every venue must do. */
export interface Check {
  /** What it must do, as the end of a sentence that begins with the connector. */
  readonly name: string;
  /** Only for a stream whose ids follow one another. */
  readonly needsContiguousIds?: boolean;
  /** Only for a venue whose connections may take over from one another. */
  readonly needsRollover?: boolean;
  run(trial: Trial): Promise<void>;
}
