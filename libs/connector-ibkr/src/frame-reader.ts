const HEADER_BYTES = 4;
/** The library, as the venue's own clients, takes no longer message. */
export const MOST_MESSAGE_BYTES = 0xffffff;

/** What is found in what the venue sends. */
export interface FrameListener {
  /** A whole message, with its length before it. */
  onFrame(frame: Buffer): void;
  /** What follows has no length that can be one: the stream cannot be read any further. */
  onBroken(rest: Buffer): void;
}

/**
 * Finds where messages begin and end, before the library looks at them: a length below zero, which it does not expect, would
 * keep it busy for ever.
 */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #isBroken = false;

  constructor(private readonly listener: FrameListener) {}

  push(chunk: Buffer): void {
    if (this.#isBroken) return;
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (data.length >= HEADER_BYTES && !this.#isBroken) {
      const length = data.readInt32BE();
      if (length <= 0 || length > MOST_MESSAGE_BYTES) {
        this.#isBroken = true;
        this.listener.onBroken(data);
        return;
      }
      const end = HEADER_BYTES + length;
      if (data.length < end) break;
      const frame = data.subarray(0, end);
      data = data.subarray(end);
      this.listener.onFrame(frame);
    }
    this.#rest = data;
  }
}
