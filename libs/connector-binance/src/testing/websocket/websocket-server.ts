import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Publisher } from '../publisher.js';
import { ClientSession, type SessionServices } from './client-session.js';
import { SimulatedConnection } from './connection.js';
import { type Handshake, refuse } from './handshake.js';
import { SplitSocket } from './split-socket.js';
import { type StreamTarget, streamTargetOf } from './stream-target.js';
import type { TextTap } from './text-tap.js';

const MAX_REQUEST_BYTES = 1024 * 1024;

/** Takes WebSocket connections from an HTTP server's upgrades. */
export class WebSocketEndpoint {
  readonly connections = new Set<SimulatedConnection>();
  /** Connections made from now on send their bytes in small pieces. */
  isSplitting = false;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_REQUEST_BYTES,
  });
  readonly #sockets = new Set<WebSocket>();

  constructor(
    private readonly publisher: Publisher,
    private readonly handshake: Handshake,
    private readonly services: SessionServices,
    readonly tap: TextTap,
    /** As binance.us: whatever unit is asked for, it is milliseconds. */
    private readonly alwaysMilliseconds: boolean,
  ) {}

  /** Answers an `upgrade`: a connection, or an HTTP status that says why not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = this.#targetOf(request.url ?? '/');
    const status =
      this.handshake.refusal(performance.now()) ?? statusOf(target, this.services.rules.maxStreams);
    if (status !== undefined || target === undefined) {
      refuse(socket, status ?? 404);
      return;
    }
    const transport = this.isSplitting ? new SplitSocket(socket as Socket) : socket; // node's server upgrades sockets only
    this.#server.handleUpgrade(request, transport, head, (webSocket) =>
      this.#accept(webSocket, transport, target),
    );
  }

  /** Ends every connection without a word. */
  stop(): void {
    for (const connection of this.connections) connection.leave();
    for (const socket of this.#sockets) socket.terminate();
  }

  #targetOf(url: string): StreamTarget | undefined {
    try {
      const target = streamTargetOf(url);
      return target && this.alwaysMilliseconds ? { ...target, unit: 'MILLISECOND' } : target;
    } catch (error) {
      if (error instanceof TypeError || error instanceof URIError) return undefined; // not a URL
      throw error;
    }
  }

  #accept(webSocket: WebSocket, socket: Duplex, target: StreamTarget): void {
    const { log } = this.services;
    log.open += 1;
    log.total += 1;
    this.#sockets.add(webSocket);
    const connection = new SimulatedConnection(
      log.total,
      webSocket,
      socket,
      target,
      this.publisher,
      this.tap,
    );
    this.connections.add(connection);
    const session = new ClientSession(connection, webSocket, this.services);
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('close', () => {
      session.stop();
      connection.leave();
      log.open -= 1;
      this.connections.delete(connection);
      this.#sockets.delete(webSocket);
    });
  }
}

function statusOf(target: StreamTarget | undefined, maxStreams: number): number | undefined {
  if (target === undefined) return 404;
  return new Set(target.streams).size > maxStreams ? 400 : undefined;
}
