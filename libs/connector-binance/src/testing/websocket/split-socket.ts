import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Lengths of the pieces, over and over: frames and their headers are cut at any place. */
const PIECES = [1, 2, 7, 31, 3, 113, 13, 1009];

/** A socket whose output leaves in small pieces, each on a turn of the event loop of its own. */
export class SplitSocket extends Duplex {
  #pieces = 0;

  constructor(private readonly socket: Socket) {
    super();
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const size = PIECES[this.#pieces % PIECES.length] ?? 1;
    this.#pieces += 1;
    this.socket.write(chunk.subarray(0, size), (error) => {
      const rest = chunk.subarray(size);
      if (error || rest.length === 0) done(error);
      else setImmediate(() => this._write(rest, _encoding, done));
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
