import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to the fake venue on which what the venue sends can be held up, connection by connection. */
export class SlowLink {
  readonly #server: Server;
  /** What comes from the venue, oldest connection first. */
  readonly #fromVenue: Socket[] = [];

  private constructor(private readonly port: number) {
    this.#server = createServer((client) => this.#carry(client));
  }

  static async to(port: number): Promise<SlowLink> {
    const link = new SlowLink(port);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on nothing comes through to this connection (0 is the first) … */
  hold(connection: number): void {
    this.#fromVenue[connection]?.pause();
  }

  /** … until now; it comes in order, then. */
  release(connection: number): void {
    this.#fromVenue[connection]?.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.#fromVenue) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #carry(client: Socket): void {
    const venue = connect(this.port, '127.0.0.1');
    this.#fromVenue.push(venue);
    client.on('data', (data) => venue.write(data));
    venue.on('data', (data) => client.write(data));
    for (const [socket, other] of [
      [client, venue],
      [venue, client],
    ] as const) {
      socket.on('end', () => other.end());
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
  }
}
