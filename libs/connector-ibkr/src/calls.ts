import type { IBApi } from '@stoqey/ib';

type CallName =
  | 'reqMarketDataType'
  | 'reqContractDetails'
  | 'reqTickByTickData'
  | 'cancelTickByTickData'
  | 'reqMktData'
  | 'cancelMktData'
  | 'reqRealTimeBars'
  | 'cancelRealTimeBars'
  | 'reqMktDepth'
  | 'cancelMktDepth'
  | 'reqPositions'
  | 'cancelPositions'
  | 'reqAccountUpdates';

/** A call of the library as plain data: its name, and what it is given. */
export type Call = { [Name in CallName]: readonly [name: Name, ...args: Parameters<IBApi[Name]>] }[CallName];

/** What a session sends: calls that leave together. */
export interface Calls {
  readonly calls: readonly Call[];
  /** The contract of a tick-by-tick request, of which the venue takes one in 15 seconds: they wait for their turn. */
  readonly pacedBy?: number;
  /** Told back by an event `answered` when TWS has answered everything up to these calls. */
  readonly fence?: number;
}

/** Makes a call. */
export function make(api: IBApi, [name, ...args]: Call): void {
  (api[name] as (...given: readonly unknown[]) => unknown).apply(api, args);
}
