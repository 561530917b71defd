import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

const WINDOW_MS = 5 * 60_000;

/** Decides who may connect: the venue's limit on attempts, and refusals on demand. */
export class Handshake {
  readonly #refusals: number[] = [];
  #attempts: number[] = [];

  constructor(private readonly maxAttempts: number) {}

  /** Answers the next attempts with an HTTP status instead. */
  refuseNext(status: number, times: number): void {
    for (let attempt = 0; attempt < times; attempt += 1) this.#refusals.push(status);
  }

  /** Takes one more attempt, at a time in milliseconds of any monotonic clock: an HTTP status when it is refused. */
  refusal(now: number): number | undefined {
    this.#attempts = this.#attempts.filter((time) => now - time < WINDOW_MS);
    this.#attempts.push(now);
    const status = this.#refusals.shift();
    return status ?? (this.#attempts.length > this.maxAttempts ? 429 : undefined);
  }
}

/** Ends an attempt to connect with an HTTP answer. */
export function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
