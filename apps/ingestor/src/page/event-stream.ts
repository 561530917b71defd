import type { ServerResponse } from 'node:http';

const EVERY_MS = 1_000;

/**
 * Server-sent events: what there is to tell, once a second, to everybody who listens. Nothing is looked at while nobody does; who is
 * slow misses some, since the next one says it all.
 */
export class EventStream {
  readonly #listeners = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: () => unknown) {}

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells this one from now on, until it leaves. */
  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#listeners.add(response);
    response.on('close', () => {
      this.#listeners.delete(response);
      if (this.#listeners.size === 0) this.#stop();
    });
    response.write(frame(this.tell()));
    this.#timer ??= setInterval(() => this.#tellAll(), EVERY_MS);
  }

  close(): void {
    this.#stop();
    for (const response of this.#listeners) response.end();
  }

  #tellAll(): void {
    const text = frame(this.tell());
    for (const response of this.#listeners) if (!response.writableNeedDrain) response.write(text);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function frame(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
