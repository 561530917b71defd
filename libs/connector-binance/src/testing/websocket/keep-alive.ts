/** How often the server pings, and how long it waits for the pong. */
export interface KeepAliveSettings {
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
}

/**
 * The venue's PING frames: a pong with the same payload must come in time; pongs nobody asked for do not count.
 */
export class KeepAlive {
  readonly #unanswered = new Map<string, NodeJS.Timeout>();
  readonly #interval: NodeJS.Timeout;

  constructor(
    private readonly settings: KeepAliveSettings,
    private readonly sendPing: (payload: string) => void,
    private readonly onDead: () => void,
  ) {
    this.#interval = setInterval(() => this.#ping(), settings.pingIntervalMs);
  }

  /** A pong answers its ping and all before it. */
  pong(payload: string): void {
    if (!this.#unanswered.has(payload)) return;
    for (const [earlier, deadline] of this.#unanswered) {
      clearTimeout(deadline);
      this.#unanswered.delete(earlier);
      if (earlier === payload) return;
    }
  }

  stop(): void {
    clearInterval(this.#interval);
    for (const deadline of this.#unanswered.values()) clearTimeout(deadline);
    this.#unanswered.clear();
  }

  #ping(): void {
    const payload = String(Date.now());
    clearTimeout(this.#unanswered.get(payload));
    this.#unanswered.set(payload, setTimeout(this.onDead, this.settings.pongTimeoutMs));
    this.sendPing(payload);
  }
}
