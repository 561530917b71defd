import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What can happen to a request on its way:
 * - `refuse` the link is cut before anything of it reaches the server.
 * - `cut-request` it is cut when the server has a part of the request.
 * - `cut-answer` it is cut when the server has answered, so it has done what it was asked, and the client does not know.
 * - `stall` nothing goes through any more, in either direction, and nobody is told.
 */
export type LinkFault = 'refuse' | 'cut-request' | 'cut-answer' | 'stall';

/** A link to an HTTP server, on which something can happen. */
export interface FaultProxy {
  readonly url: string;
  /** Faults so far, by kind. */
  readonly happened: Readonly<Record<LinkFault, number>>;
  /**
   * Lets a fault happen to the next request; with `of`, to the next whose first line holds this (`INSERT INTO`).
   * Resolves when it has happened. Faults happen in the order they were asked for.
   */
  next(fault: LinkFault, of?: string): Promise<void>;
  /** Cuts every connection there is. */
  cutAll(): void;
  close(): Promise<void>;
}

interface Planned {
  readonly fault: LinkFault;
  readonly of: string;
  readonly happened: () => void;
}

/** Opens a link to the server at this URL, which need not be there; on a port of its own. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const plans: Planned[] = [];
  const links = new Set<Link>();
  const happened = { refuse: 0, 'cut-request': 0, 'cut-answer': 0, stall: 0 };
  const planFor = (firstLine: string): Planned | undefined => {
    const at = plans.findIndex(({ of }) => firstLine.includes(of));
    return at < 0 ? undefined : plans.splice(at, 1)[0];
  };
  const server = createServer((client) => {
    const link = new Link(client, connect(Number(port), hostname), planFor, () => links.delete(link));
    links.add(link);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    happened,
    next: (fault, of = '') =>
      new Promise((resolve) => {
        const done = (): void => {
          happened[fault]++;
          resolve();
        };
        plans.push({ fault, of, happened: done });
      }),
    cutAll: () => links.forEach((link) => link.cut()),
    close: async () => {
      links.forEach((link) => link.cut());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One connection; its client sends a request only when it has the answer to the one before. */
class Link {
  #plan: Planned | undefined;
  #isBetweenRequests = true;
  #isStalled = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly planFor: (firstLine: string) => Planned | undefined,
    onClosed: () => void,
  ) {
    client.on('data', (bytes: Buffer) => this.#request(bytes));
    server.on('data', (bytes: Buffer) => this.#answer(bytes));
    for (const socket of [client, server]) {
      socket
        .on('error', () => undefined)
        .on('close', () => {
          if (socket === client || !this.#isStalled) this.cut();
          onClosed();
        });
    }
  }

  cut(): void {
    this.client.destroy();
    this.server.destroy();
  }

  #request(bytes: Buffer): void {
    if (this.#isBetweenRequests) this.#plan = this.planFor(firstLineOf(bytes));
    this.#isBetweenRequests = false;
    if (this.#isStalled) return;
    if (this.#plan?.fault === 'refuse') return this.#happen(() => this.cut());
    if (this.#plan?.fault === 'stall') return this.#happen(() => (this.#isStalled = true));
    if (this.#plan?.fault !== 'cut-request') return pass(bytes, this.client, this.server);
    const part = bytes.subarray(0, bytes.length >> 1);
    this.#happen(() => this.server.write(part, () => this.cut()));
  }

  #answer(bytes: Buffer): void {
    this.#isBetweenRequests = true;
    if (this.#isStalled) return;
    if (this.#plan?.fault === 'cut-answer') return this.#happen(() => this.cut());
    pass(bytes, this.server, this.client);
  }

  #happen(effect: () => unknown): void {
    const plan = this.#plan;
    this.#plan = undefined;
    effect();
    plan?.happened();
  }
}

/** Reads no faster than the other side takes it. */
function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function firstLineOf(bytes: Buffer): string {
  const line = bytes.subarray(0, bytes.indexOf('\r\n')).toString('latin1');
  try {
    return decodeURIComponent(line.replaceAll('+', ' '));
  } catch {
    return line;
  }
}
