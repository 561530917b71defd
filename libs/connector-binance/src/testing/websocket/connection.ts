import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { OutgoingEvent } from '../outgoing-event.js';
import type { Publisher, Subscriber } from '../publisher.js';
import type { TimeUnit } from '../time-unit.js';
import type { ControlOutcome } from './control-messages.js';
import { FrameOutbox } from './frame-outbox.js';
import type { StreamTarget } from './stream-target.js';
import type { TextTap } from './text-tap.js';

/** One client: what it has subscribed to, and the way out to it. */
export class SimulatedConnection implements Subscriber {
  readonly streams = new Set<string>();
  readonly #unit: TimeUnit;
  readonly #outbox: FrameOutbox;
  #isCombined: boolean;
  #isFrozen = false;
  #isLeaving = false;

  constructor(
    /** From 1 on, in the order the connections were opened. */
    readonly number: number,
    private readonly webSocket: WebSocket,
    private readonly socket: Duplex,
    target: StreamTarget,
    private readonly publisher: Publisher,
    private readonly tap: TextTap,
  ) {
    this.#unit = target.unit;
    this.#isCombined = target.isCombined;
    this.#outbox = new FrameOutbox(socket);
    this.#subscribe(target.streams);
  }

  get isCombined(): boolean {
    return this.#isCombined;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  sendEvent(event: OutgoingEvent): boolean {
    return this.#addText(event.text(this.#isCombined, this.#unit));
  }

  /** An answer, or an event without a stream; leaves at once. */
  sendText(text: string): void {
    if (this.#addText(text)) this.flush();
  }

  /** Any payload in one frame; leaves at once. */
  sendBytes(bytes: Uint8Array, opcode: 'text' | 'binary'): void {
    if (!this.#canSend()) return;
    this.tap.note(this.number);
    this.#outbox.addBytes(bytes, opcode);
    this.flush();
  }

  /** Bytes on the connection as they are, no frame around them. */
  sendUnframed(bytes: Uint8Array): void {
    if (this.#canSend()) this.socket.write(bytes);
  }

  ping(payload: string): void {
    if (!this.#canSend()) return;
    this.flush();
    this.webSocket.ping(payload);
  }

  flush(): void {
    if (this.#canSend()) this.#outbox.flush();
    else this.#outbox.clear();
  }

  /** Waits while the client is slower than we are; undefined when there is no need. */
  drained(): Promise<unknown> | undefined {
    if (!this.socket.writableNeedDrain || !this.#canSend()) return undefined;
    const left = new AbortController();
    return Promise.race([
      once(this.socket, 'drain', { signal: left.signal }),
      once(this.socket, 'close', { signal: left.signal }),
    ]).finally(() => left.abort());
  }

  /** Resolves when the operating system has all that was sent, or the connection is gone. */
  written(): Promise<void> {
    this.flush();
    if (!this.#canSend()) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.once('close', resolve);
      this.socket.write(Buffer.alloc(0), () => {
        this.socket.off('close', resolve);
        resolve();
      });
    });
  }

  /** Carries out what a control message asked for. */
  apply(outcome: ControlOutcome): void {
    this.#isCombined = outcome.isCombined ?? this.#isCombined;
    this.#subscribe(outcome.subscribe ?? []);
    this.#unsubscribe(outcome.unsubscribe ?? []);
  }

  /** Half-open: the TCP connection stays, nothing is sent or read on it. */
  freeze(isOn: boolean): void {
    this.#isFrozen = isOn;
    if (isOn) this.webSocket.pause();
    else this.webSocket.resume();
  }

  close(code: number, reason: string): void {
    this.flush();
    this.leave();
    this.webSocket.close(code, reason);
  }

  /** Ends the TCP connection without a close frame. */
  cut(): void {
    this.flush();
    this.leave();
    this.webSocket.terminate();
  }

  /** From here on nothing is sent. */
  leave(): void {
    this.#isLeaving = true;
    this.#unsubscribe([...this.streams]);
  }

  #addText(text: string): boolean {
    if (!this.#canSend()) return false;
    this.tap.note(this.number);
    this.#outbox.addText(text);
    return true;
  }

  #canSend(): boolean {
    return !this.#isFrozen && !this.#isLeaving && this.webSocket.readyState === WebSocket.OPEN;
  }

  #subscribe(streams: readonly string[]): void {
    for (const stream of streams) this.streams.add(stream);
    this.publisher.subscribe(this, streams);
  }

  #unsubscribe(streams: readonly string[]): void {
    for (const stream of streams) this.streams.delete(stream);
    this.publisher.unsubscribe(this, streams);
  }
}
