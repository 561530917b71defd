import { setTimeout as delay } from 'node:timers/promises';

/** A request for history, as far as the venue's rules look at it. */
export interface HistoricalRequest {
  /** Contract, exchange and kind of data: `265598 SMART TRADES`. */
  readonly contract: string;
  /** Everything that is asked: two equal ones are identical requests. */
  readonly key: string;
  /** Bars of 30 seconds or less, or ticks: only of these the venue counts. */
  readonly isSmall: boolean;
  /** Quotes count twice. */
  readonly isBidAsk: boolean;
}

/** Where times come from, and what waits; milliseconds. */
export interface PacingClock {
  now(): number;
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

const WINDOW_MS = 600_000;
const MOST_IN_WINDOW = 60;
const IDENTICAL_MS = 15_000;
const BURST_MS = 2_000;
const MOST_IN_BURST = 5;
const MOST_OPEN = 50;
const RECHECK_MS = 50;

const systemPacing: PacingClock = {
  now: () => performance.now(),
  wait: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

interface Asked extends HistoricalRequest {
  readonly at: number;
  readonly weight: number;
}

/**
 * The venue's rules for history, kept: at most 60 requests for small bars or ticks in ten minutes (quotes count twice), no
 * identical one within 15 seconds, fewer than six for one contract within two, and 50 at a time.
 * https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/#historical-pacing
 */
export class HistoricalPacing {
  #asked: Asked[] = [];
  #open = 0;

  constructor(private readonly clock: PacingClock = systemPacing) {}

  /**
   * Resolves when the request may be made, which is counted as made then.
   * @returns what is called when it has been answered.
   * @throws what the wait throws when the signal ends it.
   */
  async take(request: HistoricalRequest, signal?: AbortSignal): Promise<() => void> {
    for (let waitMs = this.waitMs(request); waitMs > 0; waitMs = this.waitMs(request)) {
      await this.clock.wait(waitMs, signal);
    }
    this.#asked.push({ ...request, at: this.clock.now(), weight: request.isBidAsk ? 2 : 1 });
    this.#open++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#open--;
      isOpen = false;
    };
  }

  /** How long until the request may be made, as things stand, in milliseconds. */
  waitMs({ contract, key, isSmall, isBidAsk }: HistoricalRequest): number {
    const now = this.clock.now();
    this.#asked = this.#asked.filter(({ at }) => now - at < WINDOW_MS);
    if (this.#open >= MOST_OPEN) return RECHECK_MS;
    if (!isSmall) return 0;
    const small = this.#asked.filter((asked) => asked.isSmall);
    const identical = small.findLast((asked) => asked.key === key);
    const ofContract = small.filter((asked) => asked.contract === contract);
    return Math.max(
      identical === undefined ? 0 : identical.at + IDENTICAL_MS - now,
      untilRoom(ofContract, BURST_MS, MOST_IN_BURST - 1, now),
      untilRoom(small, WINDOW_MS, MOST_IN_WINDOW - (isBidAsk ? 2 : 1), now),
    );
  }
}

/** How long until the weights of what was asked within the window are no more than so much. */
function untilRoom(asked: readonly Asked[], windowMs: number, most: number, now: number): number {
  let weight = 0;
  for (const each of asked.toReversed()) {
    if (now - each.at >= windowMs) return 0;
    weight += each.weight;
    if (weight > most) return each.at + windowMs - now;
  }
  return 0;
}
