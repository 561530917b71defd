import type { Micros } from '@autotrader/schemas';
import type { ConnectionLog } from './connection-log.js';
import type { DepthSnapshot } from './depth-snapshot.js';
import type { SimulatorFaults } from './faults/simulator-faults.js';
import type { MarketControl } from './market/generated-market.js';
import type { PlayOptions, PlayResult } from './replay/player.js';
import type { RestRequest } from './rest/rest-server.js';
import type { SentLedger } from './sent-ledger.js';
import type { FrameListener } from './websocket/text-tap.js';

/** How raw bytes are sent. */
export interface RawOptions {
  /** `text` and `binary`: in one frame of that kind; `tcp`: on the connection as they are. */
  readonly as?: 'text' | 'binary' | 'tcp';
}

/** A running simulator. */
export interface BinanceSimulator {
  /** `ws://127.0.0.1:PORT`, to which a client appends `/ws…` or `/stream…`. */
  readonly wsUrl: string;
  /** `http://127.0.0.1:PORT`, to which a client appends `/api/v3/…`. */
  readonly restUrl: string;
  /** The venue's clock: microseconds since the epoch. */
  readonly now: () => Micros;
  /** What was sent, exactly. */
  readonly sent: SentLedger;
  /** Who connected, and what they sent. */
  readonly connections: ConnectionLog;
  /** REST requests in the order they were answered; the latest 10,000. */
  readonly requests: readonly RestRequest[];
  readonly faults: SimulatorFaults;
  /** The generated market. @throws Error when there is none (`market: false`). */
  readonly market: MarketControl;
  /** Resolves once each of these streams has a subscriber. */
  subscribed(...streams: readonly string[]): Promise<void>;
  /** Sends one payload (an object, or JSON text) to the stream's subscribers, wrapped where they want it wrapped. */
  send(stream: string, payload: object | string): void;
  /** Sends anything to every connection: text as a text frame, bytes as a binary one unless said otherwise. */
  sendRaw(data: Uint8Array | string, options?: RawOptions): void;
  /** From now on REST tells this book of a symbol. */
  setDepth(symbol: string, snapshot: DepthSnapshot): void;
  /** Plays a recording to whoever has subscribed; resolves when everything has left the process. */
  play(options: PlayOptions): Promise<PlayResult>;
  /**
   * Hears of every text message that goes out on any connection from now on, in sending order; what it is told is
   * what a {@link ReplayClock} takes. Returns what ends the listening.
   */
  onFrame(listener: FrameListener): () => void;
  /** Resolves when the operating system has everything that was sent. */
  flushed(): Promise<void>;
  /** Ends every connection and the server; leaves no timer and no handle. */
  stop(): Promise<void>;
}
