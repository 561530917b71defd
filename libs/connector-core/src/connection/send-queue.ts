/** Sends messages no faster than a venue allows: at most `perSecond` in any second, in order. */
export class SendQueue {
  readonly #waiting: string[] = [];
  readonly #sentAt: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly perSecond: number,
    private readonly transmit: (message: string) => void,
  ) {}

  push(message: string): void {
    this.#waiting.push(message);
    this.#drain();
  }

  /** Forgets what was not sent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #drain(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    while (this.#sentAt.length > 0 && now - (this.#sentAt[0] ?? 0) >= WINDOW_MS) this.#sentAt.shift();
    while (this.#waiting.length > 0 && this.#sentAt.length < this.perSecond) {
      this.#sentAt.push(now);
      this.transmit(this.#waiting.shift() ?? '');
    }
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => this.#drain(), WINDOW_MS - (now - (this.#sentAt[0] ?? now)));
  }
}

/** A little over a second: the venue's second begins when the message arrives, not when it is sent. */
const WINDOW_MS = 1050;
