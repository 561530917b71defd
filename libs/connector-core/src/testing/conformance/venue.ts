import type { MarketDataConnector } from '../../connector/connector.js';
import type { ConnectorOptions } from '../../connector/options.js';
import type { StreamRule } from '../../session/subscription.js';

/**
 * A running simulator of a venue, as far as the suite needs it. It has no market of its own here: events happen when
 * the suite says so, on the one stream the suite runs on, and go to whoever is subscribed.
 */
export interface ConformanceSimulator {
  /** The next `count` events of the symbol happen and are sent. */
  emit(venueSymbol: string, count: number): void;
  /** The next `count` events of the symbol happen and are sent to nobody. */
  skip(venueSymbol: string, count: number): void;
  /** The symbol's last event is sent once more. */
  repeat(venueSymbol: string): void;
  /** Sends every connection these bytes in one frame. */
  sendRaw(frame: Uint8Array): void;
  /** Ends every connection without a goodbye; new ones are welcome. */
  cut(): void;
  /** The connections open now stay, and nothing comes on them any more, not even a ping; new ones are healthy. */
  fallSilent(): void;
  /** Whether subscriptions are answered; one that was not is forgotten. */
  setAnswering(isAnswering: boolean): void;
  /** Ends every connection and the server. */
  stop(): Promise<void>;
}

/** What a venue supplies to be tried by {@link connectorConformance}. */
export interface ConformanceVenue<Stream extends string, Simulator extends ConformanceSimulator> {
  /** In capitals, as it stands in events. */
  readonly name: string;
  /** The stream the suite runs on: with contiguous ids if the venue has one, since these prove the most. */
  readonly stream: Stream;
  /** How that stream is numbered. */
  readonly sequence: StreamRule['sequence'];
  /** Whether two connections may carry the same streams while one takes over from the other; true by default. */
  readonly rollsOver?: boolean;
  /** Two instruments the simulator has, by both their names. */
  readonly instruments: readonly [ConformanceInstrument, ConformanceInstrument];
  /** A symbol it does not have. */
  readonly unknownSymbol: string;
  /** Bytes that are no message of the venue. */
  readonly badFrame: Uint8Array;
  /** Starts a simulator on 127.0.0.1, on a port of its own. */
  startSimulator(): Promise<Simulator>;
  /** A connector that talks to this simulator and nothing else, with these options and no others that matter. */
  createConnector(simulator: Simulator, options: ConnectorOptions<Stream>): MarketDataConnector;
}

/** An instrument by both its names. */
export interface ConformanceInstrument {
  readonly symbol: string;
  readonly venueSymbol: string;
}
