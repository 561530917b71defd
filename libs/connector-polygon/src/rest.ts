import { createHash } from 'node:crypto';
import {
  type Clock,
  type ConnectorError,
  type Downloads,
  firstIssue,
  getBytes,
  retried,
  retryAfterMs,
  type RequestPace,
  TransportError,
} from '@autotrader/connector-core';
import type { Micros } from '@autotrader/schemas';
import type { z } from 'zod';
import { errorOf, THROTTLED_MS } from './refusal.js';
import { VENUE } from './venue-name.js';

const LONGEST_WAIT_MS = 600_000;
const NOT_FOUND = 404;

/** How the REST API is asked. */
export interface RestSettings {
  /** Address without a path. */
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly pace: RequestPace;
  readonly cache: Downloads | undefined;
  readonly retries: number;
  readonly retryMs: number;
  readonly timeoutMs: number;
  /** How long to wait when the venue throttles and does not say. */
  readonly throttledMs?: number | undefined;
  readonly onRetry: ((error: ConnectorError, waitMs: number) => void) | undefined;
}

/** What was answered. */
export interface Answered<Answer> {
  /** `undefined`: the venue has no data (HTTP 404). */
  readonly answer: Answer | undefined;
  /** SHA-256 of its bytes, in hex. */
  readonly checksum: string;
  readonly receivedAt: Micros;
}

/** The REST API of Polygon. The key goes in a header, to this address only, and into no message, address or file. */
export class Rest {
  constructor(private readonly settings: RestSettings) {}

  /**
   * Asks, from the cache where it can.
   * @param isClosed whether the answer will be the same for ever.
   * @throws TransportError, RateLimitedError when the venue cannot be asked just now, after the retries; RejectedError when it
   * refuses.
   */
  async ask<Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    isClosed: boolean,
    signal: AbortSignal,
  ): Promise<Answered<Answer>> {
    const { cache, url, retries, retryMs: firstMs, onRetry, clock } = this.settings;
    const kept = await cache?.read(url + path);
    const answer = kept && schema.safeParse(parseJson(kept)).data;
    if (kept !== undefined && answer !== undefined)
      return { answer, checksum: checksumOf(kept), receivedAt: clock.now() };
    return retried({ signal, retries, firstMs, onRetry }, () => this.#fetch(path, schema, isClosed, signal));
  }

  async #fetch<Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    isClosed: boolean,
    signal: AbortSignal,
  ): Promise<Answered<Answer>> {
    const { url: baseUrl, apiKey, pace, cache, clock, timeoutMs, throttledMs = THROTTLED_MS } = this.settings;
    await pace.take(signal).catch(() => {
      throw new TransportError(VENUE, 'stopped before Polygon was reached');
    });
    const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json' };
    const http = { venue: VENUE, title: 'Polygon', baseUrl, path, headers, signal, timeoutMs };
    const { status, headers: said, bytes } = await getBytes(http);
    const receivedAt = clock.now();
    const checksum = checksumOf(bytes);
    if (status === NOT_FOUND) return { answer: undefined, checksum, receivedAt };
    const body = parseJson(bytes);
    const checked = schema.safeParse(body);
    if (status === 200 && checked.success) {
      await cache?.write(baseUrl + path, bytes, isClosed);
      return { answer: checked.data, checksum, receivedAt };
    }
    if (status === 200 && isGood(body) && !checked.success)
      throw new TransportError(
        VENUE,
        `Polygon sent what it does not document (${firstIssue(checked.error)}): it is not stored`,
      );
    if (status === 200 && body === undefined)
      throw new TransportError(
        VENUE,
        `${baseUrl} did not answer as Polygon's REST API does: is it the address of one?`,
      );
    const waitMs = retryAfterMs(said, LONGEST_WAIT_MS) ?? throttledMs;
    const error = errorOf({ status, body, waitMs }, apiKey);
    if (error.kind === 'rate_limited') pace.hold(waitMs);
    throw error;
  }
}

function isGood(body: unknown): boolean {
  const { status } = (body ?? {}) as { readonly status?: unknown };
  return status === 'OK' || status === 'DELAYED';
}

function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
