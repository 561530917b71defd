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

  /** Whether so much may be appended. A batch that is larger than the limit by itself may when it is alone. */
  has(bytes: number): boolean {
    const used = this.segments.diskBytes + this.deadLetters.bytes;
    const isAlone = this.segments.diskBytes === 0 && used < this.limitBytes;
    return used + bytes <= this.limitBytes || (isAlone && bytes > this.limitBytes);
  }

  get deadLetterBytes(): number {
    return this.deadLetters.bytes;
  }

  /** There may be more room. */
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
