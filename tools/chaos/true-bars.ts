import type { MarketTrade } from './market-truth.js';

/** A bar with exact sums. */
export interface TrueBar {
  readonly interval: string;
  /** Microseconds. */
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
}

const MINUTE = 60_000_000;
const INTERVALS: Readonly<Record<string, number>> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '1h': 60 * MINUTE,
  '1d': 1440 * MINUTE,
};
const DECIMALS = 8;

/** All bars of these trades, from the venue's own texts: sums are those of whole numbers. */
export function trueBars(trades: readonly MarketTrade[]): TrueBar[] {
  const inOrder = [...trades].sort((a, b) => a.time - b.time || a.id - b.id);
  return Object.entries(INTERVALS).flatMap(([interval, length]) => {
    const groups = new Map<number, MarketTrade[]>();
    for (const trade of inOrder) {
      const openTime = trade.time - (trade.time % length);
      const group = groups.get(openTime);
      if (group === undefined) groups.set(openTime, [trade]);
      else group.push(trade);
    }
    return [...groups].map(([openTime, group]) => barOf(interval, openTime, group));
  });
}

function barOf(interval: string, openTime: number, trades: readonly MarketTrade[]): TrueBar {
  const prices = trades.map(({ price }) => Number(price));
  const volume = trades.reduce((sum, { qty }) => sum + scaled(qty), 0n);
  return {
    ...{ interval, openTime, trades: trades.length, volume: Number(decimal(volume)) },
    ...{ open: prices[0] ?? NaN, close: prices.at(-1) ?? NaN },
    high: prices.reduce((greatest, price) => Math.max(greatest, price), -Infinity),
    low: prices.reduce((least, price) => Math.min(least, price), Infinity),
  };
}

/** `1.5` is 150,000,000 units of the last decimal. */
function scaled(text: string): bigint {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(DECIMALS, '0').slice(0, DECIMALS));
}

function decimal(units: bigint): string {
  const digits = units.toString().padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}
