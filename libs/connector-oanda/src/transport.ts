import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import {
  plainError,
  retryAfterMs,
  type Subscription,
  type Transport,
  TransportError,
  type Wire,
  type WireListener,
} from '@autotrader/connector-core';
import type { Credentials } from './credentials.js';
import { LineSplitter } from './line-splitter.js';
import { errorOf } from './refusal.js';
import { MOST_LINE_BYTES } from './session.js';
import { VENUE } from './venue-name.js';

const MOST_REFUSAL_BYTES = 64 * 1024;
/** The venue's longest wait that is believed. */
const LONGEST_WAIT_MS = 600_000;

/**
 * The pricing stream: lines over HTTP that goes on and on. Its request names the instruments, so it takes no further ones.
 * https://developer.oanda.com/rest-live-v20/pricing-ep/
 */
export function pricingStream(streamUrl: string, credentials: Credentials): Transport<Buffer, never> {
  return {
    address: streamUrl,
    isExtendable: false,
    open: (listener, subscriptions, withinMs) =>
      new PricingWire(urlOf(streamUrl, credentials, subscriptions), credentials, listener, withinMs),
    bytesOf: (line) => line,
  };
}

function urlOf(streamUrl: string, { accountId }: Credentials, subscriptions: readonly Subscription[]): URL {
  const url = new URL(`${streamUrl}/v3/accounts/${accountId}/pricing/stream`);
  const instruments = subscriptions.map(({ source }) => source.venueSymbol).join(',');
  url.search = new URLSearchParams({ instruments, snapshot: 'true' }).toString();
  return url;
}

class PricingWire implements Wire<never> {
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  #isPaused = false;
  #ending = 'closed by the venue';

  constructor(
    url: URL,
    private readonly credentials: Credentials,
    private readonly listener: WireListener<Buffer>,
    withinMs: number,
  ) {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const headers = { authorization: `Bearer ${credentials.apiKey}`, 'accept-datetime-format': 'RFC3339' };
    // A stream has a connection of its own: kept alive, it would be of no use to anybody else.
    const request = send(url, { headers, agent: false });
    const timer = setTimeout(() => this.#give(`no answer in ${withinMs / 1000} s`), withinMs);
    request.on('response', (response) => {
      clearTimeout(timer);
      this.#respond(response);
    });
    request.on('error', (error) => (this.#ending = plainError(error)));
    request.on('close', () => {
      clearTimeout(timer);
      if (this.#response === undefined) this.#closed();
    });
    request.end();
    this.#request = request;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** @throws TypeError always: a stream is read and not written to. */
  send(): void {
    throw new TypeError('a pricing stream takes no messages');
  }

  pause(): void {
    this.#isPaused = true;
    this.#response?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#response?.resume();
  }

  /** There is no goodbye in HTTP: what is on its way is on the connection that took over, too. */
  close(): void {
    this.terminate();
  }

  terminate(): void {
    this.#request.destroy();
  }

  #give(ending: string): void {
    this.#ending = ending;
    this.terminate();
  }

  #respond(response: IncomingMessage): void {
    this.#response = response;
    response.on('error', () => undefined); // 'aborted', which the close that follows tells
    if (response.statusCode === 200) this.#read(response);
    else this.#refuse(response);
  }

  #read(response: IncomingMessage): void {
    const lines = new LineSplitter(MOST_LINE_BYTES, (line) => this.listener.onFrame(line));
    response.on('data', (chunk: Buffer) => lines.push(chunk));
    response.on('close', () => {
      lines.end();
      this.#closed();
    });
    this.listener.onOpen();
  }

  #refuse(response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_REFUSAL_BYTES) chunks.push(chunk);
      else this.terminate();
    });
    response.on('close', () => {
      const headers = new Headers({ 'retry-after': response.headers['retry-after'] ?? '' });
      const waitMs = retryAfterMs(headers, LONGEST_WAIT_MS);
      const refusal = { status: response.statusCode ?? 0, body: jsonOf(chunks), waitMs };
      this.listener.onClosed(errorOf(refusal, this.credentials));
    });
  }

  #closed(): void {
    this.listener.onClosed(new TransportError(VENUE, this.#ending));
  }
}

function jsonOf(chunks: readonly Buffer[]): unknown {
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    return undefined;
  }
}
