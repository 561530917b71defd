import type { ControlFault } from './control-faults.js';

/** Everything that can go wrong at the venue or on the way, on demand. */
export interface SimulatorFaults {
  /** No data on these streams (or on any), while pings and answers go on; what happens meanwhile is not sent later. */
  silence(isOn: boolean, ...streams: readonly string[]): void;
  /** The next events of a stream are withheld; their ids are in `sent.skipped`, the trades among them in REST. */
  skipIds(stream: string, count: number): void;
  /** The next events are each sent twice. */
  duplicateNext(count?: number): void;
  /** The next event is sent after the one that follows it on its stream. */
  reorderNext(): void;

  /** Ends every TCP connection without a close frame. */
  cut(): void;
  /** Closes every connection properly; 1000 by default. */
  close(code?: number, reason?: string): void;
  /** The connections open now stay, but nothing is sent or read on them; new ones are healthy. */
  halfOpen(isOn: boolean): void;
  /** Announces `serverShutdown` to every connection open now, and closes it after a while (1,000 ms by default). */
  serverShutdown(closeAfterMs?: number): void;
  /** Connections made from now on send their bytes in small pieces, cut anywhere. */
  splitFrames(isOn: boolean): void;
  /** Nothing listens on the port any more; open connections stay. Resolves when that is so, or is over. */
  refuseConnections(isOn: boolean): Promise<void>;
  /** The next WebSocket handshakes are answered with an HTTP status. */
  rejectHandshake(status: number, times?: number): void;

  /** Requests are carried out at once, and answered so much later: data comes before its ack. */
  delayAcks(milliseconds: number): void;
  /** Requests are swallowed: neither carried out nor answered. */
  neverAck(isOn: boolean): void;
  /** The next SUBSCRIBE fails with this error. */
  errorNextSubscribe(error: ControlFault): void;

  /** The next REST requests are answered with 429. */
  rest429(times: number, retryAfterS: number): void;
  /** The next REST requests are answered with 418: banned. */
  rest418(times: number, retryAfterS: number): void;
  /** The next REST requests are answered with a status of 5xx. */
  restFailure(status: number, times?: number): void;
  /** The next books of REST are older than any update that was streamed. */
  snapshotOlderThanBuffer(times?: number): void;
}
