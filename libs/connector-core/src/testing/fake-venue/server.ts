import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Micros } from '@autotrader/schemas';
import { type WebSocket, WebSocketServer } from 'ws';
import { type FakeEvent, frameOf } from './wire.js';

/** One connection to the fake venue. */
export interface FakeClient {
  readonly socket: WebSocket;
  /** Names it is subscribed to: `AAA.trade`. */
  readonly names: Set<string>;
  /** Messages it has sent. */
  readonly messages: string[];
}

/** The server of the fake venue, with its faults. */
export class FakeServer {
  /** Connections that are open, oldest first. */
  readonly clients: FakeClient[] = [];
  /** Connections there ever were. */
  accepted = 0;
  /** Names whose subscription is refused. */
  readonly refused = new Set<string>();
  /** Names whose subscription gets no answer. */
  readonly unanswered = new Set<string>();
  isAnswering = true;
  readonly #last = new Map<string, FakeEvent>();

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** @param port where it listens on the loopback address; 0 for any. */
  static async start(port = 0): Promise<FakeServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, autoPong: false });
    await once(server, 'listening');
    return new FakeServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The next `count` events happen, and go to whoever is subscribed; each covers `span` ids. */
  emit(name: string, count = 1, span = 1): void {
    for (let i = 0; i < count; i++) this.#send(name, this.#next(name, span));
  }

  /** The next `count` events happen, and are sent to nobody. */
  skip(name: string, count = 1): void {
    for (let i = 0; i < count; i++) this.#next(name, 1);
  }

  /** The last event is sent once more. */
  repeat(name: string): void {
    const last = this.#last.get(name);
    if (last !== undefined) this.#send(name, last);
  }

  /** The ids begin anew. */
  reset(name: string): void {
    const last = this.#last.get(name);
    if (last !== undefined) this.#last.set(name, { ...last, last: 0 });
  }

  /** Sends every connection this frame. */
  say(frame: string | Uint8Array): void {
    for (const { socket } of this.clients) socket.send(frame);
  }

  /** The connections open now stay, and nothing is sent on them any more. */
  forget(): void {
    this.clients.length = 0;
  }

  /** Cuts every connection, without a goodbye. */
  cut(): void {
    for (const { socket } of this.clients) socket.terminate();
    this.clients.length = 0;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.server.clients) socket.terminate();
    await closed;
  }

  #next(name: string, span: number): FakeEvent {
    const { last = 0, timestamp = 0 } = this.#last.get(name) ?? {};
    const event = {
      name,
      first: last + 1,
      last: last + span,
      timestamp: later(timestamp),
      price: last + 0.5,
    };
    this.#last.set(name, event);
    return event;
  }

  #send(name: string, event: FakeEvent): void {
    for (const { socket, names } of this.clients) if (names.has(name)) socket.send(frameOf(event));
  }

  #accept(socket: WebSocket): void {
    const client: FakeClient = { socket, names: new Set(), messages: [] };
    this.accepted++;
    this.clients.push(client);
    socket.on('message', (data: Buffer) => this.#hear(client, data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      const place = this.clients.indexOf(client);
      if (place >= 0) this.clients.splice(place, 1);
    });
  }

  #hear(client: FakeClient, message: string): void {
    client.messages.push(message);
    const [word, ...names] = message.split(' ');
    if (word === 'unsub') for (const name of names) client.names.delete(name);
    if (word !== 'sub' || !this.isAnswering) return;
    const answered = names.filter((name) => !this.unanswered.has(name));
    const agreed = answered.filter((name) => !this.refused.has(name));
    for (const name of agreed) client.names.add(name);
    if (agreed.length > 0) client.socket.send(`ack ${agreed.join(' ')}`);
    for (const name of answered) if (this.refused.has(name)) client.socket.send(`no ${name}`);
  }
}

/** Now, or a microsecond after the last event. */
function later(last: Micros): Micros {
  return Math.max(last + 1, Date.now() * 1000);
}
