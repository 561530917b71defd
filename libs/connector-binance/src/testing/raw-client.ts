import { WebSocket } from 'ws';

/** Any message of the venue, as the tests look at it. */
export type Message = Record<string, unknown>;

/** A WebSocket client that does nothing by itself but remember: for the simulator's own tests. */
export class RawClient {
  /** Every text message, in order. */
  readonly texts: string[] = [];
  /** Payloads of the PING frames that came. */
  readonly pings: string[] = [];
  /** How the connection ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #read = 0;
  #wake: () => void = () => undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.texts.push((data as Buffer).toString());
      this.#wake();
    });
    socket.on('ping', (payload) => this.pings.push(payload.toString()));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
  }

  /** @throws Error when the handshake fails. */
  static async open(url: string, options: { readonly autoPong?: boolean } = {}): Promise<RawClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** The next message that was not read yet. @throws Error when the connection ends first. */
  async next(): Promise<Message> {
    while (this.#read === this.texts.length) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the connection ended');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const text = this.texts[this.#read] ?? '';
    this.#read += 1;
    return JSON.parse(text) as Message;
  }

  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(await this.next());
    return messages;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends a request and returns what comes next. */
  ask(message: unknown): Promise<Message> {
    this.send(message);
    return this.next();
  }

  /** Everything that comes before the answer to one more request: all that was sent until now, and no more. */
  async rest(): Promise<Message[]> {
    this.send({ method: 'LIST_SUBSCRIPTIONS', id: 'rest' });
    const messages: Message[] = [];
    for (let message = await this.next(); message['id'] !== 'rest'; message = await this.next())
      messages.push(message);
    return messages;
  }
}

/** Waits for a condition, looking on every turn of the event loop. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}
