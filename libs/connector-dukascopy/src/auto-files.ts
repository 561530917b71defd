import { RateLimitedError, TransportError } from '@autotrader/connector-core';
import type { HistoryFile, HistoryFiles, WayName } from './history-files.js';

/** When the way is changed. */
export interface AutoOptions {
  /** So long may the first way do nothing but throttle, milliseconds. */
  readonly patienceMs: number;
  /** After so long on the other way the first is tried again, milliseconds. */
  readonly returnMs: number;
  /** A clock that never goes back, milliseconds. */
  readonly now: () => number;
  readonly onChange: ((way: WayName, reason: string) => void) | undefined;
}

/** The first of two ways, and the other one while the first is gone, or throttles for too long. */
export class AutoFiles implements HistoryFiles {
  /** Since when the first way has done nothing but throttle. */
  #throttledSince: number | undefined;
  #leftAt: number | undefined;

  constructor(
    private readonly first: HistoryFiles,
    private readonly other: HistoryFiles,
    private readonly options: AutoOptions,
  ) {}

  ticks(...args: Parameters<HistoryFiles['ticks']>): ReturnType<HistoryFiles['ticks']> {
    return this.#ask(args[2], (files) => files.ticks(...args));
  }

  candles(...args: Parameters<HistoryFiles['candles']>): ReturnType<HistoryFiles['candles']> {
    return this.#ask(args[2], (files) => files.candles(...args));
  }

  async #ask<Content>(
    signal: AbortSignal,
    request: (files: HistoryFiles) => Promise<HistoryFile<Content>>,
  ): Promise<HistoryFile<Content>> {
    if (this.#isAway) return request(this.other);
    try {
      const file = await request(this.first);
      this.#throttledSince = undefined;
      if (this.#leftAt !== undefined) this.#return();
      return file;
    } catch (error) {
      if (signal.aborted || !this.#isGone(error)) throw error;
      if (this.#leftAt === undefined) this.options.onChange?.('jetta', (error as Error).message);
      this.#leftAt = this.options.now();
      return request(this.other);
    }
  }

  get #isAway(): boolean {
    return this.#leftAt !== undefined && this.options.now() - this.#leftAt < this.options.returnMs;
  }

  #return(): void {
    this.#leftAt = undefined;
    this.options.onChange?.('bi5', 'it answers again');
  }

  #isGone(error: unknown): boolean {
    if (error instanceof TransportError) return true;
    if (!(error instanceof RateLimitedError)) return false;
    this.#throttledSince ??= this.options.now();
    return this.#leftAt !== undefined || this.options.now() - this.#throttledSince >= this.options.patienceMs;
  }
}
