import type { Duplex } from 'node:stream';

const FIRST_ROOM = 4 * 1024;
/** Past this much the outbox empties itself. */
const FLUSH_AT = 256 * 1024;
/** RFC 6455 §5.2: FIN and the opcode; a server does not mask. */
const TEXT = 0x81;
const BINARY = 0x82;
const HEADER_ROOM = 10;

/** Gathers WebSocket frames, so that many of them leave in one write. */
export class FrameOutbox {
  #buffer = Buffer.allocUnsafe(FIRST_ROOM);
  #length = 0;

  constructor(private readonly socket: Duplex) {}

  addText(text: string): void {
    const size = Buffer.byteLength(text);
    this.#addHeader(TEXT, size);
    this.#length += this.#buffer.write(text, this.#length, size);
    if (this.#length >= FLUSH_AT) this.flush();
  }

  addBytes(bytes: Uint8Array, opcode: 'text' | 'binary'): void {
    this.#addHeader(opcode === 'text' ? TEXT : BINARY, bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    if (this.#length >= FLUSH_AT) this.flush();
  }

  flush(): void {
    if (this.#length === 0) return;
    const frames = Buffer.allocUnsafe(this.#length);
    this.#buffer.copy(frames, 0, 0, this.#length);
    this.#length = 0;
    if (this.#buffer.length > 2 * FLUSH_AT) this.#buffer = Buffer.allocUnsafe(FIRST_ROOM);
    this.socket.write(frames);
  }

  /** Forgets what was not flushed. */
  clear(): void {
    this.#length = 0;
  }

  #addHeader(opcode: number, size: number): void {
    this.#makeRoom(HEADER_ROOM + size);
    this.#buffer[this.#length] = opcode;
    if (size < 126) this.#length = this.#buffer.writeUInt8(size, this.#length + 1);
    else if (size < 65_536) {
      this.#buffer[this.#length + 1] = 126;
      this.#length = this.#buffer.writeUInt16BE(size, this.#length + 2);
    } else {
      this.#buffer[this.#length + 1] = 127;
      this.#buffer.writeUInt32BE(0, this.#length + 2);
      this.#length = this.#buffer.writeUInt32BE(size, this.#length + 6);
    }
  }

  #makeRoom(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#buffer.length) return;
    const wider = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(wider, 0, 0, this.#length);
    this.#buffer = wider;
  }
}
