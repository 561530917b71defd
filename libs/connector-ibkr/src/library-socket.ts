import { Socket } from 'node:net';
import type { IBApi } from '@stoqey/ib';

/**
 * The socket of the library (1.6.10), for which it has no method: with it we slow the venue when our consumer is slow, hear of
 * its end, and look at what comes before the library does. A library that keeps it elsewhere is told here, not found out later.
 * @throws TypeError when it is not where it should be.
 */
export function socketOf(api: IBApi): Socket {
  const { controller } = api as unknown as { controller?: { socket?: { client?: unknown } } };
  const client = controller?.socket?.client;
  if (client instanceof Socket) return client;
  throw new TypeError('@stoqey/ib keeps its socket elsewhere than version 1.6.10: pin that version');
}

/**
 * Takes what comes on the socket in the library's place, and gives back how a message is handed to it.
 * @throws TypeError as {@link socketOf}.
 */
export function interceptData(socket: Socket, onData: (chunk: Buffer) => void): (frame: Buffer) => void {
  const [listener] = socket.listeners('data');
  if (listener === undefined)
    throw new TypeError('@stoqey/ib does not listen on its socket as version 1.6.10 does');
  socket.removeAllListeners('data');
  socket.on('data', onData);
  return listener as (frame: Buffer) => void;
}
