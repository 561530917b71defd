/** A symbol of the simulated venue, as exchangeInfo tells it. */
export interface SimulatedInstrument {
  /** In capitals: `BTCUSDT`. */
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Where the generated market starts, and what it is drawn back to; quote units. */
  readonly price: number;
  /** Smallest step of a price: `0.01`. */
  readonly tickSize: string;
  /** Smallest step of a quantity: `0.00001`. */
  readonly stepSize: string;
  /** `TRADING` by default; also HALT, BREAK, END_OF_DAY, CANCEL_ONLY. */
  readonly status?: string;
}

const QUOTE_ASSETS = [
  'FDUSD',
  'USDT',
  'USDC',
  'TUSD',
  'BUSD',
  'USD',
  'EUR',
  'TRY',
  'BRL',
  'BTC',
  'ETH',
  'BNB',
];

/** Invented, of the right order of magnitude; what is not here costs 25. */
const DOLLARS: Readonly<Record<string, number>> = {
  BTC: 84_215.37,
  ETH: 2_683.8,
  BNB: 912.4,
  SOL: 187.25,
  XRP: 2.1534,
  ADA: 0.6412,
  DOGE: 0.1873,
  EUR: 1.05,
  TRY: 0.024,
  BRL: 0.18,
};
const DOLLARS_OTHERWISE = 25;

/**
 * Completes a bare name by a short list of quote assets.
 * @throws RangeError when the name ends in none of them.
 */
export function instrumentOf(given: string | SimulatedInstrument): SimulatedInstrument {
  if (typeof given !== 'string') return given;
  const symbol = given.toUpperCase();
  const quoteAsset = QUOTE_ASSETS.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length);
  if (quoteAsset === undefined)
    throw new RangeError(
      `cannot tell base and quote of ${JSON.stringify(given)}: give { symbol, baseAsset, quoteAsset, price, tickSize, stepSize }`,
    );
  const baseAsset = symbol.slice(0, -quoteAsset.length);
  const price = dollarsOf(baseAsset) / dollarsOf(quoteAsset);
  return { symbol, baseAsset, quoteAsset, price, ...stepsFor(price) };
}

function dollarsOf(asset: string): number {
  return DOLLARS[asset] ?? (asset.includes('USD') ? 1 : DOLLARS_OTHERWISE);
}

function stepsFor(price: number): { tickSize: string; stepSize: string } {
  if (price >= 1000) return { tickSize: '0.01', stepSize: '0.00001' };
  if (price >= 100) return { tickSize: '0.01', stepSize: '0.001' };
  if (price >= 1) return { tickSize: '0.0001', stepSize: '0.01' };
  return { tickSize: '0.00000001', stepSize: '1' };
}
