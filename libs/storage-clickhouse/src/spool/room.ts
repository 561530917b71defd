import type { DeadLetters } from './dead-letters.js';
import type { Segments } from './segments.js';

const LOOK_AGAIN_MS = 2_000;

/** How much there may be in a spool's folder. */
export class Room {
  #wake: () => void = () => undefined;

  constructor(
    readonly limitBytes: number,
    private readonly segments: Segments,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Whether so much may be appended. A batch larger than the limit may when it is alone. */
  has(bytes: number): boolean {
    const used = this.segments.diskBytes + this.deadLetters.bytes;
    return used + bytes <= this.limitBytes || (used < this.limitBytes && this.segments.diskBytes === 0);
  }

  get deadLetterBytes(): number {
    return this.deadLetters.bytes;
  }

  /** A file is gone. */
  freed(): void {
    this.#wake();
  }

  /** Resolves when something may have changed. @throws when the signal is aborted. */
  async change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_AGAIN_MS);
      signal.addEventListener('abort', done);
      this.#wake = done;
      if (signal.aborted) done();
    });
    signal.throwIfAborted();
    await this.deadLetters.measure();
  }
}
