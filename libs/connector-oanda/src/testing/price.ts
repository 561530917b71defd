import type { Micros } from '@autotrader/schemas';

/** A step of a ladder. */
export interface SimulatedLevel {
  /** Decimal text. */
  readonly price: string;
  readonly liquidity: number;
}

/** A price as the market makes it. */
export interface SimulatedPrice {
  readonly instrument: string;
  /** The venue's clock at its creation, microseconds. */
  readonly time: Micros;
  readonly bids: readonly SimulatedLevel[];
  readonly asks: readonly SimulatedLevel[];
  readonly tradeable: boolean;
}

/** The line of a price: https://developer.oanda.com/rest-live-v20/pricing-df/#ClientPrice */
export function priceLine({ instrument, time, bids, asks, tradeable }: SimulatedPrice): string {
  const status = tradeable ? 'tradeable' : 'non-tradeable';
  const closeout = { closeoutBid: worst(bids), closeoutAsk: worst(asks) };
  const ladders = { bids, asks };
  return JSON.stringify({
    ...{ type: 'PRICE', instrument, time: rfc3339(time), status, tradeable },
    ...ladders,
    ...closeout,
  });
}

/** The line of a heartbeat. */
export function heartbeatLine(time: Micros): string {
  return JSON.stringify({ type: 'HEARTBEAT', time: rfc3339(time) });
}

/** With nine decimals; the venue's nanoseconds are made up of the microseconds, which are what a reader keeps. */
export function rfc3339(time: Micros): string {
  const micros = String(time % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(time / 1_000_000) * 1_000).toISOString().slice(0, 19)}.${micros}789Z`;
}

function worst(levels: readonly SimulatedLevel[]): string | undefined {
  return levels.at(-1)?.price;
}
