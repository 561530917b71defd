import type { AssetClass } from '@autotrader/schemas';

/** One tradable thing at one venue, by its canonical and its venue's own name. */
export interface Instrument {
  /** Canonical: `BTC/USDT`. */
  readonly symbol: string;
  /** The venue's own: `BTCUSDT`. */
  readonly venueSymbol: string;
  readonly assetClass: AssetClass;
}

/** Where an event comes from: one stream of one instrument at one venue. */
export interface Source extends Instrument {
  readonly venue: string;
  /** The venue's stream: `trade`, `depth20`. */
  readonly stream: string;
}
