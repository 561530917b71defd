import { createHash } from 'node:crypto';
import {
  type Clock,
  type ConnectorError,
  type Downloads as DownloadStore,
  getBytes,
  type HttpAnswer,
  RateLimitedError,
  type RequestPace,
  RejectedError,
  retried,
  retryAfterMs,
  TransportError,
} from '@autotrader/connector-core';
import { CorruptFile } from './corrupt-file.js';
import type { HistoryFile, WayName } from './history-files.js';
import type { Period } from './periods.js';
import { VENUE } from './venue-name.js';

/** A file appears an hour or two after its time is over. */
export const PUBLISHED_WITHIN = 3 * 3_600_000_000;
const LONGEST_WAIT_MS = 600_000;
/** What a host that says nothing wants, at the least. */
const THROTTLED_MS = 1_000;

/** How a host is asked. */
export interface DownloadSettings {
  readonly clock: Clock;
  /** Of the host: all who ask it share one. */
  readonly pace: RequestPace;
  readonly cache: DownloadStore | undefined;
  readonly retries: number;
  /** The first wait after a failure, milliseconds. */
  readonly retryMs: number;
  /** Longest wait for an answer, milliseconds. */
  readonly timeoutMs: number;
  readonly onRetry: ((error: ConnectorError, waitMs: number) => void) | undefined;
}

/** A file of the venue and how it is read. */
export interface Wanted<Content> {
  readonly path: string;
  /** The time it is about. */
  readonly period: Period;
  /** @throws CorruptFile when the bytes are not it. */
  readonly decode: (bytes: Uint8Array) => Content;
}

/** Files of one host: from the cache, or fetched politely, again and again until they are whole. */
export class Downloads {
  constructor(
    private readonly way: WayName,
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly settings: DownloadSettings,
  ) {}

  /** @throws TransportError, RateLimitedError, RejectedError when it cannot be had. */
  async get<Content>(wanted: Wanted<Content>, signal: AbortSignal): Promise<HistoryFile<Content>> {
    const kept = await this.#fromCache(wanted);
    if (kept !== undefined) return kept;
    const { retries, retryMs: firstMs, onRetry } = this.settings;
    return retried({ signal, retries, firstMs, onRetry }, () => this.#fetch(wanted, signal));
  }

  async #fromCache<Content>({ path, decode }: Wanted<Content>): Promise<HistoryFile<Content> | undefined> {
    const bytes = await this.settings.cache?.read(this.baseUrl + path);
    if (bytes === undefined) return undefined;
    try {
      return this.#file(decode(bytes), bytes);
    } catch (error) {
      if (error instanceof CorruptFile) return undefined;
      throw error;
    }
  }

  async #fetch<Content>(wanted: Wanted<Content>, signal: AbortSignal): Promise<HistoryFile<Content>> {
    const { pace, cache, clock, timeoutMs } = this.settings;
    const { baseUrl, headers } = this;
    const { path, period } = wanted;
    await pace.take(signal).catch(() => {
      throw new TransportError(VENUE, 'stopped before Dukascopy was reached');
    });
    const http = { venue: VENUE, title: 'Dukascopy', baseUrl, path, headers, signal, timeoutMs };
    const answer = await getBytes(http);
    if (answer.status === 404) return this.#file<Content | undefined>(undefined) as HistoryFile<Content>;
    if (answer.status !== 200) throw this.#refusal(answer, period);
    const content = this.#decoded(wanted, answer.bytes);
    const isClosed = clock.now() > period.to + PUBLISHED_WITHIN;
    // An empty file may be one that is not there yet.
    if (isClosed || answer.bytes.length > 0) await cache?.write(baseUrl + path, answer.bytes, isClosed);
    return this.#file(content, answer.bytes);
  }

  #decoded<Content>({ path, decode }: Wanted<Content>, bytes: Buffer): Content {
    try {
      return decode(bytes);
    } catch (error) {
      if (!(error instanceof CorruptFile)) throw error;
      const what = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('<')
        ? 'a web page'
        : 'damaged';
      throw new TransportError(
        VENUE,
        `Dukascopy sent ${what} for ${path} (${error.message}): it is not stored`,
        { cause: error },
      );
    }
  }

  #refusal({ status, headers }: HttpAnswer, { to }: Period): ConnectorError {
    const { pace, clock } = this.settings;
    const at = `Dukascopy at ${this.baseUrl}`;
    switch (status) {
      case 429:
      case 503: {
        const waitMs = retryAfterMs(headers, LONGEST_WAIT_MS) ?? THROTTLED_MS;
        pace.hold(waitMs);
        return new RateLimitedError(VENUE, `${at} asks to wait (HTTP ${status})`, waitMs);
      }
      case 202:
        return new TransportError(
          VENUE,
          `${at} answers without content (HTTP 202): it takes us for no browser`,
        );
      case 400:
        return to > clock.now()
          ? new RejectedError(VENUE, `${at} has nothing yet of a time that is not over (HTTP 400)`)
          : new TransportError(VENUE, `${at} answered with an error (HTTP 400)`);
      default:
        return new TransportError(VENUE, `${at} answered with an error (HTTP ${status})`);
    }
  }

  #file<Content>(content: Content, bytes?: Uint8Array): HistoryFile<Content> {
    const checksum = bytes === undefined ? '' : createHash('sha256').update(bytes).digest('hex');
    return { content, way: this.way, checksum, receivedAt: this.settings.clock.now() };
  }
}
