import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { EmbeddedClickHouseError, systemErrorCode } from './errors.js';

/** The only address a server listens on. */
export const host = '127.0.0.1';

export interface Ports {
  readonly http: number;
  readonly tcp: number;
}

/**
 * Two ports that are free now; 0 stands for any. Both are held at the same time, so they differ.
 * Between letting go and the engine's own bind another process may take one: the caller tries again then.
 */
export async function choosePorts(http: number, tcp: number): Promise<Ports> {
  const held: Server[] = [];
  try {
    return { http: await holdPort(http, 'HTTP', held), tcp: await holdPort(tcp, 'native TCP', held) };
  } finally {
    await Promise.all(held.map(release));
  }
}

export function portInUse(port: number, cause?: unknown): EmbeddedClickHouseError {
  return new EmbeddedClickHouseError(
    'PORT_IN_USE',
    `Port ${port} of ${host} is in use: choose another one, 0 for any free one, or stop what listens there`,
    { cause },
  );
}

async function holdPort(port: number, purpose: string, held: Server[]): Promise<number> {
  const server = createServer();
  try {
    await once(server.listen({ port, host, exclusive: true }), 'listening');
  } catch (cause) {
    if (systemErrorCode(cause) === 'EADDRINUSE') throw portInUse(port, cause);
    throw new EmbeddedClickHouseError(
      'START_FAILED',
      `Port ${port} cannot be opened for ${purpose} (${systemErrorCode(cause) ?? String(cause)}): choose another one, or 0 for any free one`,
      { cause },
    );
  }
  held.push(server);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function release(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
