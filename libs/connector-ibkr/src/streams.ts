import type { StreamRule } from '@autotrader/connector-core';

/**
 * Streams of an instrument, in the venue's own words. Tick by tick: `Last` trades, `AllLast` these and combos, derivatives and
 * average-price trades, `BidAsk` best bid and ask, `MidPoint` their middle. `realTimeBars` bars of five seconds · `depth` the
 * ladder · `marketData` quotes and last trades as they are streamed to a screen, several a second at most.
 */
export type IbkrStream = 'Last' | 'AllLast' | 'BidAsk' | 'MidPoint' | 'realTimeBars' | 'depth' | 'marketData';

/** Markets close for a night and a weekend; within hours a quiet instrument may be silent for long. */
const STALE_AFTER_MS = 10 * 60_000;
const RULE: StreamRule = { sequence: 'none', staleAfterMs: STALE_AFTER_MS };

/** How each stream is numbered: not at all. */
export const STREAM_RULES: Readonly<Record<IbkrStream, StreamRule>> = {
  Last: RULE,
  AllLast: RULE,
  BidAsk: RULE,
  MidPoint: RULE,
  realTimeBars: RULE,
  depth: RULE,
  marketData: RULE,
};

/** Every stream there is. */
export const IBKR_STREAMS = Object.keys(STREAM_RULES) as readonly IbkrStream[];

/** The streams of which a user may have about five. */
export type TickByTickStream = 'Last' | 'AllLast' | 'BidAsk' | 'MidPoint';

/** Whether a stream is tick by tick. */
export function isTickByTick(stream: string): stream is TickByTickStream {
  return stream === 'Last' || stream === 'AllLast' || stream === 'BidAsk' || stream === 'MidPoint';
}
