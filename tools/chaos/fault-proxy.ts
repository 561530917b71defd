import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to an insert on its way:
 * - `cut before` the link ends before the server has a byte of the request.
 * - `cut within` it ends when the server has half of what was sent.
 * - `cut after` it ends when the server has committed and answers: the client does not hear of it.
 * - `stall` it stays open, and nothing passes any more, either way.
 */
export const LINK_FAULTS = ['cut before', 'cut within', 'cut after', 'stall'] as const;
export type LinkFault = (typeof LINK_FAULTS)[number];

/** What the HTTP client sends holds this, in the URL or in the body. */
const INSERT = Buffer.from('INSERT');

interface Armed {
  readonly fault: LinkFault;
  readonly fire: () => void;
}

/** A TCP link to a server on this machine on which things go wrong on demand. */
export class FaultProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #armed: Armed[] = [];

  private constructor(private readonly targetPort: number) {
    this.#server = createServer((client) => this.#link(client));
  }

  static async open(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next insert meets this fault; resolves when it has, with false when none came in time. */
  async arm(fault: LinkFault, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const armed = {
        fault,
        fire: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#armed = this.#armed.filter((each) => each !== armed);
        resolve(false);
      }, withinMs);
      this.#armed.push(armed);
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #link(client: Socket): void {
    const server = connect(this.targetPort, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    let met: Armed | undefined;
    client.on('data', (bytes: Buffer) => {
      if (met === undefined && bytes.includes(INSERT)) {
        met = this.#armed.shift();
        if (met !== undefined && met.fault !== 'cut after') met.fire();
      }
      if (met?.fault === 'cut before') end();
      else if (met?.fault === 'cut within') server.write(bytes.subarray(0, bytes.length >> 1), end);
      else if (met?.fault !== 'stall') server.write(bytes);
    });
    server.on('data', (bytes: Buffer) => {
      if (met?.fault === 'cut after') {
        met.fire();
        end();
      } else if (met?.fault !== 'stall') client.write(bytes);
    });
  }
}
