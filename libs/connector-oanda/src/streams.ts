import type { StreamRule } from '@autotrader/connector-core';

/** The one stream of an instrument: `price`, best bid and ask whenever they change, at most four times a second. */
export type OandaStream = 'price';

/** A quiet instrument may be silent for minutes, and every one is over the weekend. */
const STALE_AFTER_MS = 10 * 60_000;

/** How the stream is numbered: not at all, but no two prices of an instrument have the same time. */
export const STREAM_RULES: Readonly<Record<OandaStream, StreamRule>> = {
  price: { sequence: 'time', staleAfterMs: STALE_AFTER_MS },
};
