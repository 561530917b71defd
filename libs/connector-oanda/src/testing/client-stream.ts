import type { ServerResponse } from 'node:http';

/** How a stream misbehaves. */
export interface StreamFaults {
  /** Nothing is written, not even heartbeats, and the connection stays. */
  isSilent: boolean;
  /** Each line leaves in two writes, the second of them later. */
  isSplit: boolean;
}

/** One client of the pricing stream. */
export class ClientStream {
  isSilent = false;
  readonly #waiting: string[] = [];

  constructor(
    readonly instruments: ReadonlySet<string>,
    private readonly response: ServerResponse,
    private readonly faults: StreamFaults,
  ) {}

  /** Writes a line, its end included. */
  line(text: string): void {
    if (this.isSilent || this.faults.isSilent) return;
    if (!this.faults.isSplit && this.#waiting.length === 0) return void this.response.write(`${text}\n`);
    this.#waiting.push(`${text}\n`);
    if (this.#waiting.length === 1) this.#writeHalf();
  }

  /** Writes bytes as they are. */
  raw(bytes: Uint8Array | string): void {
    this.response.write(bytes);
  }

  /** Ends without a goodbye; what was written may not arrive. */
  cut(): void {
    this.response.destroy();
  }

  /** Ends in the middle of a line, as HTTP ends in order. */
  endWithin(line: string): void {
    this.response.end(line.slice(0, Math.ceil(line.length / 2)));
  }

  /** Each half in a segment of its own, the rest of what waits behind it. */
  #writeHalf(): void {
    const text = this.#waiting[0];
    if (text === undefined || this.response.destroyed) return;
    const half = Math.ceil(text.length / 2);
    this.response.write(text.slice(0, half));
    setImmediate(() => {
      if (this.response.destroyed) return;
      this.response.write(text.slice(half));
      this.#waiting.shift();
      this.#writeHalf();
    });
  }
}
