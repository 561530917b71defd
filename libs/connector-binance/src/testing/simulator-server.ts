import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RestEndpoint } from './rest/rest-server.js';
import type { WebSocketEndpoint } from './websocket/websocket-server.js';

const LOOPBACK = '127.0.0.1';

/** The HTTP server that both interfaces live on. */
export class SimulatorServer {
  readonly #server: Server;
  #port: number;

  constructor(rest: RestEndpoint, webSockets: WebSocketEndpoint, port: number) {
    this.#port = port;
    this.#server = createServer((request, response) => {
      rest.handle(request, response).catch(() => response.destroy());
    });
    this.#server.on('upgrade', (request, socket, head) => webSockets.upgrade(request, socket, head));
  }

  get port(): number {
    return this.#port;
  }

  /** @throws Error in one line when the port is taken. */
  async listen(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, this.#port));
      this.#server.once('error', fail);
      this.#server.listen(this.#port, LOOPBACK, () => {
        this.#server.off('error', fail);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port; // listening on TCP, so it is neither null nor a path
  }

  /** Stops listening; WebSocket connections stay, idle HTTP connections do not. */
  async refuse(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await new Promise(setImmediate);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new Error(`port ${port} is in use: choose another one, or 0 for any free one`, { cause: error });
}
