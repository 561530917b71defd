import WebSocket from 'ws';
import { TransportError } from '../errors.js';
import { closeReason, plainError } from './end-reason.js';
import type { Transport, Wire, WireListener } from './transport.js';

/**
 * A WebSocket that carries text frames, as bytes; the library answers pings.
 * @param venue name of the venue, for errors.
 * @param url address of the socket; it is shown to people, so no secret belongs into it.
 */
export function webSocketTransport(venue: string, url: string): Transport<Buffer, string> {
  return {
    address: url,
    isExtendable: true,
    open: (listener, _subscriptions, withinMs) => new WebSocketWire(venue, url, listener, withinMs),
    bytesOf: (frame) => frame,
  };
}

class WebSocketWire implements Wire<string> {
  readonly #socket: WebSocket;
  #lastError = '';

  constructor(venue: string, url: string, listener: WireListener<Buffer>, withinMs: number) {
    // Broken UTF-8 belongs into quarantine like any other bad frame; the library would end the connection for it.
    const options = { handshakeTimeout: withinMs, perMessageDeflate: false, skipUTF8Validation: true };
    const socket = new WebSocket(url, options);
    this.#socket = socket;
    socket.on('open', () => listener.onOpen());
    socket.on('message', (data: Buffer) => listener.onFrame(data));
    socket.on('ping', () => listener.onAlive());
    socket.on('error', (error) => (this.#lastError = plainError(error)));
    socket.on('close', (code: number, reason: Buffer) =>
      listener.onClosed(new TransportError(venue, closeReason(code, reason, this.#lastError))),
    );
  }

  get isPaused(): boolean {
    return this.#socket.isPaused;
  }

  send(message: string): void {
    this.#socket.send(message);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close(1000);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
