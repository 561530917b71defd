import type { SentTruth } from '@autotrader/connector-core/testing';
import type { Micros } from '@autotrader/schemas';
import type { SimulatedInstrument } from './instrument.js';

/** How a simulated TWS is set up; every option has a default. */
export interface TwsSimulatorOptions {
  /** What can be traded there; AAPL, EUR.USD and a few more by default. */
  readonly instruments?: readonly SimulatedInstrument[];
  /** Trades and quotes a second of each instrument; `false`: no market, a test makes the ticks. 20 by default. */
  readonly market?: false | number;
  /** Decides what the market does; 1 by default. */
  readonly seed?: number;
  /** The version it answers with, 163 to 193; 193 by default. */
  readonly serverVersion?: number;
  /** Tick-by-tick subscriptions a client may have; 5 by default. */
  readonly maxTickByTick?: number;
  /** Time between tick-by-tick requests for one instrument, milliseconds; 15,000 by default. */
  readonly tickByTickEveryMs?: number;
  /** Messages a client may send in a second; 50 by default. */
  readonly maxMessagesPerSecond?: number;
  readonly accounts?: readonly string[];
  /** Port on 127.0.0.1; any free one by default. */
  readonly port?: number;
  /** The clock, microseconds since the epoch; the system's by default. */
  readonly now?: () => Micros;
}

/** A message of a client. */
export interface TwsRequest {
  readonly clientId: number;
  /** As sent, the number of the message first. */
  readonly fields: readonly string[];
}

/** A trade as it is sent. */
export interface SimulatedTrade {
  readonly price: number;
  readonly size: number;
  readonly exchange?: string;
  readonly conditions?: string;
}

/** A quote as it is sent. */
export interface SimulatedQuote {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
}

/** A change of a ladder. */
export interface SimulatedDepth {
  readonly position: number;
  /** 0 insert, 1 update, 2 delete. */
  readonly operation: 0 | 1 | 2;
  /** 0 ask, 1 bid. */
  readonly side: 0 | 1;
  readonly price: number;
  readonly size: number;
}

/** A bar of five seconds. */
export interface SimulatedBar {
  /** Start, seconds since the epoch. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly wap: number;
  readonly count: number;
}

/** What happens on the market, by hand or by itself; instruments are named by their local symbol. */
export interface TwsMarket {
  pause(): void;
  resume(): void;
  /** `isSent` false: it happens, and goes to nobody. */
  trade(localSymbol: string, trade: SimulatedTrade, isSent?: boolean): void;
  quote(localSymbol: string, quote: SimulatedQuote, isSent?: boolean): void;
  depth(localSymbol: string, change: SimulatedDepth): void;
  bar(localSymbol: string, bar: SimulatedBar): void;
}

/** What goes wrong, on demand. */
export interface TwsFaults {
  /** Ends every connection without a goodbye. */
  cut(): void;
  /** Ends every connection in the middle of a message. */
  cutWithinMessage(): void;
  /** The connections open now stay and fall silent; new ones are well. */
  halfOpen(): void;
  /** Whether anything is answered but the handshake, and questions for contracts and the time. */
  setAnswering(isAnswering: boolean): void;
  /** Everything leaves in pieces of so many bytes; 0: whole. */
  setPieces(bytes: number): void;
  /** Ends every connection, and takes none until it is up again. */
  restart(): { up(): Promise<void> };
  /** A message of the system to every client: 1100, 1101, 1102, 2103 … */
  system(code: number, message: string): void;
  /** An error to whoever has asked for this instrument, of each of their requests. */
  error(localSymbol: string, code: number, message: string): void;
  /** TWS has lost the servers, and with them everything that was asked for (1100; then 1101). */
  loseSubscriptions(): void;
  /** Requests for this instrument's live data are refused with this code; `undefined`: no more. */
  refuse(localSymbol: string, code: number | undefined): void;
  /** Client ids that somebody else has. */
  occupy(...clientIds: number[]): void;
}

/** What is in the accounts. */
export interface TwsPortfolio {
  position(account: string, localSymbol: string, size: number, averageCost: number): void;
  value(account: string, key: string, value: string, currency: string): void;
}

/** A running simulator. */
export interface TwsSimulator {
  readonly host: string;
  readonly port: number;
  readonly sent: SentTruth;
  readonly requests: readonly TwsRequest[];
  /** Clients that are connected. */
  readonly clients: number;
  readonly faults: TwsFaults;
  readonly market: TwsMarket;
  readonly portfolio: TwsPortfolio;
  /** Sends bytes to every client as they are. */
  sendRaw(bytes: Uint8Array): void;
  /** Ends every connection and the server; leaves no timer and no handle. */
  stop(): Promise<void>;
}
