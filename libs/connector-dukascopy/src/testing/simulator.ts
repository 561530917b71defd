import type { Micros } from '@autotrader/schemas';
import type { WayName } from '../history-files.js';
import type { CandleInterval, CandleSide } from '../normalize.js';
import type { SimulatedCandle } from './candles.js';
import type { SimulatedTick } from './market.js';

/** How a simulated Dukascopy is set up; every option has a default. */
export interface DukascopySimulatorOptions {
  /** Ticks of an hour of each instrument while its market is open; 600 by default. */
  readonly ticksPerHour?: number;
  /** Whether its markets are open at weekends, too; false by default. */
  readonly isAlwaysOpen?: boolean;
  /** Decides what the market does; 1 by default. */
  readonly seed?: number;
  /** Requests a second beyond which it throttles (HTTP 503); no limit by default. */
  readonly mostPerSecond?: number;
  /** Port on 127.0.0.1; any free one by default. */
  readonly port?: number;
  /** The venue's clock, microseconds since the epoch; the system's by default. */
  readonly now?: () => Micros;
}

/** A request that came in. */
export interface DukascopyRequest {
  readonly path: string;
  /** 0: it was not answered with a status. */
  readonly status: number;
}

/** What goes wrong with a request. */
export type DukascopyFault =
  /** HTTP 503, as the venue throttles. */
  | 'throttled'
  /** HTTP 429 with a `Retry-After` of a second. */
  | 'too-many'
  /** The connection ends in the middle of the body. */
  | 'truncated'
  /** A whole answer, of half of the file. */
  | 'halved'
  /** A web page with HTTP 200. */
  | 'page'
  /** One byte of the file is another. */
  | 'damaged'
  /** A byte, and then nothing more. */
  | 'slow'
  /** The connection is reset. */
  | 'reset';

/** What goes wrong, on demand. */
export interface DukascopyFaults {
  /** The next so many requests of a path that contains the text go wrong like this. */
  next(fault: DukascopyFault, times?: number, path?: string): void;
  /** Whether a way is gone: connections to it are reset. */
  setGone(way: WayName, isGone: boolean): void;
}

/** A running simulator. */
export interface DukascopySimulator {
  /** `http://127.0.0.1:PORT`: the `bi5Url`. */
  readonly url: string;
  /** The `jettaUrl`. */
  readonly jettaUrl: string;
  readonly requests: readonly DukascopyRequest[];
  readonly faults: DukascopyFaults;
  /** The ticks of the hour that begins then, as they are sent. */
  ticks(symbol: string, hour: Micros): readonly SimulatedTick[];
  /** The candles of the file that the moment is in, but for those that the venue makes up. */
  candles(
    symbol: string,
    interval: CandleInterval,
    side: CandleSide,
    time: Micros,
  ): readonly SimulatedCandle[];
  /** Answers this path with these bytes from now on: a recording, for instance. */
  serve(path: string, bytes: Uint8Array): void;
  /** Ends it; leaves no handle. */
  stop(): Promise<void>;
}
