import type { Micros } from '@autotrader/schemas';
import { RestError } from './rest-error.js';

const MINUTE = 60_000_000;
const MICROS_PER_SECOND = 1_000_000;
/** Requests after the limit, in the same minute, before the venue bans. */
const PATIENCE = 10;
const BAN_SECONDS = 120;

/** A refusal that was ordered for a coming request. */
interface OrderedRefusal {
  readonly status: number;
  readonly retryAfterS: number | undefined;
}

/** Counts request weight by the minute of the clock, and refuses: over the limit, banned, or on demand. */
export class RestLimits {
  readonly #ordered: OrderedRefusal[] = [];
  #minute = 0;
  #used = 0;
  #refused = 0;
  #bannedUntil = 0;

  constructor(private readonly weightPerMinute: number) {}

  /** Weight used in the running minute: the header `X-MBX-USED-WEIGHT-1M`. */
  get used(): number {
    return this.#used;
  }

  /** Refuses the next requests with 429, 418 or a 5xx. */
  refuseNext(status: number, times: number, retryAfterS?: number): void {
    for (let request = 0; request < times; request += 1) this.#ordered.push({ status, retryAfterS });
  }

  /** @throws RestError when the request is refused. */
  admit(weight: number, now: Micros): void {
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.#minute) [this.#minute, this.#used, this.#refused] = [minute, 0, 0];
    this.#used += weight;
    const ordered = this.#ordered.shift();
    if (ordered !== undefined) throw refusal(ordered.status, ordered.retryAfterS);
    if (now < this.#bannedUntil) throw refusal(418, secondsUntil(this.#bannedUntil, now));
    if (this.#used <= this.weightPerMinute) return;
    this.#refused += 1;
    if (this.#refused > PATIENCE) this.#bannedUntil = now + BAN_SECONDS * MICROS_PER_SECOND;
    throw refusal(429, secondsUntil((minute + 1) * MINUTE, now));
  }
}

function secondsUntil(end: Micros, now: Micros): number {
  return Math.ceil((end - now) / MICROS_PER_SECOND);
}

function refusal(status: number, retryAfterS: number | undefined): RestError {
  const headers = retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) };
  if (status >= 500)
    return new RestError(status, -1000, 'An unknown error occurred while processing the request.', headers);
  const message =
    status === 418
      ? 'Way too much request weight used; IP banned. Please use WebSocket Streams for live updates to avoid bans.'
      : 'Too much request weight used; please use WebSocket Streams for live updates to avoid polling the API.';
  return new RestError(status, -1003, message, headers);
}
