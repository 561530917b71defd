import type { SentTruth } from '@autotrader/connector-core/testing';
import type { Micros } from '@autotrader/schemas';
import type { SimulatedInstrument } from './instrument.js';
import type { SimulatedPrice } from './price.js';

/** How a simulated Oanda is set up; every option has a default. */
export interface OandaSimulatorOptions {
  /** What it has; EUR_USD, USD_JPY and a few more by default. */
  readonly instruments?: readonly SimulatedInstrument[];
  /** The key that lets in; `simulated-key` by default. */
  readonly apiKey?: string;
  /** The account; `101-004-1234567-001` by default. */
  readonly accountId?: string;
  /** Prices a second of each instrument; `false`: no market, a test publishes what it wants. 4 by default. */
  readonly market?: false | number;
  /** Decides what the market does; 1 by default. */
  readonly seed?: number;
  /** Time between heartbeats, milliseconds; 5,000 by default. */
  readonly heartbeatMs?: number;
  /** Streams at a time; a further one is answered with 429. 20 by default, as at the venue. */
  readonly maxStreams?: number;
  /** Port on 127.0.0.1; any free one by default. */
  readonly port?: number;
  /** The venue's clock, microseconds since the epoch; the system's by default. */
  readonly now?: () => Micros;
}

/** A request that came in. */
export interface OandaRequest {
  readonly path: string;
  readonly status: number;
}

/** What goes wrong, on demand. */
export interface OandaFaults {
  /** Ends every stream without a goodbye. */
  cut(): void;
  /** Ends every stream in the middle of a price. */
  cutWithinLine(): void;
  /** The streams open now stay and fall silent, heartbeats too; new ones are well. */
  halfOpen(): void;
  /** Whether streams are answered with anything but a status. */
  setAnswering(isAnswering: boolean): void;
  /** Each line leaves in two halves. */
  setSplit(isSplit: boolean): void;
  /** Requests are answered with this status until it is `undefined` again. */
  refuse(status: number | undefined, retryAfterSeconds?: number): void;
}

/** The generated market. */
export interface OandaMarket {
  pause(): void;
  resume(): void;
  /** Whether prices can be traded at: not so at night and over the weekend. */
  setTradeable(isTradeable: boolean): void;
}

/** A running simulator. */
export interface OandaSimulator {
  /** `http://127.0.0.1:PORT`, of streams and REST alike. */
  readonly url: string;
  readonly apiKey: string;
  readonly accountId: string;
  readonly sent: SentTruth;
  readonly requests: readonly OandaRequest[];
  /** Streams that are open. */
  readonly streams: number;
  readonly faults: OandaFaults;
  readonly market: OandaMarket;
  /** A price happens: it goes to whoever streams its instrument, unless `isSent` is false. */
  publish(price: SimulatedPrice, isSent?: boolean): void;
  /** The last price of the instrument once more. */
  repeat(instrument: string): void;
  /** Writes bytes to every stream, as they are. */
  sendRaw(bytes: Uint8Array | string): void;
  /** Ends every stream and the server; leaves no timer and no handle. */
  stop(): Promise<void>;
}
