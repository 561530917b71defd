/** A little over a second: the venue's second begins when the message arrives, not when it is sent. */
const WINDOW_MS = 1050;

/** Sends messages no faster than a venue allows: at most `perSecond` in any second, in order. */
export class SendQueue<Message> {
  readonly #waiting: Message[] = [];
  readonly #sentAt: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #state: 'waiting' | 'open' | 'closed' = 'waiting';

  constructor(
    private readonly perSecond: number,
    private readonly transmit: (message: Message) => void,
  ) {}

  /** Whether something waits to be sent. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The connection takes messages from now on. */
  open(): void {
    this.#state = 'open';
    this.#drain();
  }

  push(message: Message): void {
    if (this.#state === 'closed') return;
    this.#waiting.push(message);
    if (this.#state === 'open') this.#drain();
  }

  /** Forgets what was not sent, and takes nothing more. */
  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #drain(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    while (this.#sentAt.length > 0 && now - (this.#sentAt[0] ?? 0) >= WINDOW_MS) this.#sentAt.shift();
    for (const message of this.#waiting.splice(0, this.perSecond - this.#sentAt.length)) {
      this.#sentAt.push(now);
      this.transmit(message);
    }
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => this.#drain(), WINDOW_MS - (now - (this.#sentAt[0] ?? now)));
  }
}
