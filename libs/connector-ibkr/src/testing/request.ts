import type { SimulatedInstrument } from './instrument.js';

/** What a client is subscribed to, by one request. */
export type StreamKind = 'Last' | 'AllLast' | 'BidAsk' | 'MidPoint' | 'marketData' | 'realTimeBars' | 'depth';

/** One running request of a client. */
export interface StreamRequest {
  readonly id: number;
  readonly kind: StreamKind;
  readonly instrument: SimulatedInstrument;
  /** Its data is some fifteen minutes old. */
  readonly isDelayed: boolean;
}

const TICK_BY_TICK: readonly string[] = ['Last', 'AllLast', 'BidAsk', 'MidPoint'];

/** Whether this is one of the tick-by-tick types: these are case-sensitive. */
export function isTickByTick(kind: string): kind is StreamKind {
  return TICK_BY_TICK.includes(kind);
}
