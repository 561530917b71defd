import type { DepthSnapshot } from './depth-snapshot.js';

/** What the venue answers for a listing too new to have a book. */
const NO_BOOK: DepthSnapshot = { lastUpdateId: -1, bids: [], asks: [] };
/** Older than anything the streams have told. */
const LONG_AGO = 1_000_000_000;

/** The books that REST tells: generated, scripted, or played from a recording. */
export class DepthSnapshots {
  readonly #given = new Map<string, DepthSnapshot>();
  readonly #waiting: (() => void)[] = [];
  #isPlaying = false;
  #stale = 0;

  constructor(private readonly generated: (symbol: string, limit: number) => DepthSnapshot | undefined) {}

  /** From now on this is a symbol's book. */
  set(symbol: string, snapshot: DepthSnapshot): void {
    this.#given.set(symbol, snapshot);
    this.#release();
  }

  /** While a recording is played, a request for a book that has not come by yet waits for it. */
  setPlaying(isPlaying: boolean): void {
    this.#isPlaying = isPlaying;
    this.#release();
  }

  /** The next answers are older than any update the client may have kept. */
  serveStale(times: number): void {
    this.#stale += times;
  }

  async get(symbol: string, limit: number): Promise<DepthSnapshot> {
    while (this.#isPlaying && this.#bookOf(symbol, limit) === undefined)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const { lastUpdateId, bids, asks } = this.#bookOf(symbol, limit) ?? NO_BOOK;
    const isStale = this.#stale > 0;
    if (isStale) this.#stale -= 1;
    return {
      lastUpdateId: isStale ? Math.max(0, lastUpdateId - LONG_AGO) : lastUpdateId,
      bids: bids.slice(0, limit),
      asks: asks.slice(0, limit),
    };
  }

  #bookOf(symbol: string, limit: number): DepthSnapshot | undefined {
    return this.#given.get(symbol) ?? this.generated(symbol, limit);
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
