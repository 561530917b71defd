import type { Micros } from '@autotrader/schemas';

/** How a simulated Polygon is set up; every option has a default. */
export interface PolygonSimulatorOptions {
  /** The key that lets in; `simulated-key` by default. */
  readonly apiKey?: string;
  /** Requests within a minute before it throttles (HTTP 429); no limit by default. The free plan has 5. */
  readonly mostPerMinute?: number;
  /** Aggregates of a page; 50,000 by default, as the venue allows at most. */
  readonly pageSize?: number;
  /** Stocks it has; AAPL and MSFT by default. */
  readonly stocks?: readonly string[];
  /** Decides what the market does; 1 by default. */
  readonly seed?: number;
  /** Port on 127.0.0.1; any free one by default. */
  readonly port?: number;
  /** The venue's clock, microseconds since the epoch; the system's by default. */
  readonly now?: () => Micros;
}

/** A request that came in. */
export interface PolygonRequest {
  readonly path: string;
  /** 0: it was not answered with a status. */
  readonly status: number;
  /** Whether a key stood in the address, where it does not belong. */
  readonly hasKeyInAddress: boolean;
}

/** An aggregate as the venue sends it. */
export interface SimulatedAggregate {
  readonly v: number;
  readonly vw: number;
  readonly o: number;
  readonly c: number;
  readonly h: number;
  readonly l: number;
  /** Start, milliseconds since the epoch. */
  readonly t: number;
  readonly n: number;
}

/** What goes wrong with a request. */
export type PolygonFault =
  /** HTTP 429 with an empty body. */
  | 'too-many'
  /** HTTP 401, 403, 500. */
  | 'unknown-key'
  | 'not-entitled'
  | 'broken'
  /** HTTP 200 with `status: "ERROR"`. */
  | 'error-as-ok'
  /** A good body, marked as delayed. */
  | 'delayed'
  /** A page without results that names a next one. */
  | 'empty-page'
  /** A page that names itself as the next one. */
  | 'loop'
  /** The connection ends in the middle of the body. */
  | 'truncated'
  /** A byte, and then nothing more. */
  | 'slow'
  /** The connection is reset. */
  | 'reset'
  /** A web page with HTTP 200. */
  | 'page';

/** What goes wrong, on demand. */
export interface PolygonFaults {
  /** The next so many requests of a path that contains the text go wrong like this. */
  next(fault: PolygonFault, times?: number, path?: string): void;
}

/** A running simulator. */
export interface PolygonSimulator {
  /** `http://127.0.0.1:PORT`: the `baseUrl`. */
  readonly url: string;
  readonly apiKey: string;
  readonly requests: readonly PolygonRequest[];
  readonly faults: PolygonFaults;
  /** The aggregates of a ticker that begin from a moment to before another, microseconds, as they are sent. */
  aggregates(
    ticker: string,
    multiplier: number,
    timespan: string,
    from: Micros,
    to: Micros,
  ): SimulatedAggregate[];
  /** Answers this path with this JSON from now on: a recording, for instance. */
  serve(path: string, json: object): void;
  /** Ends it; leaves no handle. */
  stop(): Promise<void>;
}
