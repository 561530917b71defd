import type { Source } from '@autotrader/connector-core';
import {
  type Micros,
  midPrice,
  parseDecimal,
  type PriceType,
  type Tick,
  type OHLCV,
} from '@autotrader/schemas';
import type { WireCandle, WirePrice } from './protocol.js';

type Ladder = WirePrice['bids'];

/** The best step of a ladder. */
interface Best {
  readonly price: number;
  readonly size: number;
}

/**
 * The best bid and ask of a price, of the whole ladder: nothing says that it is sorted. A quote nobody trades at
 * (`tradeable` false, as at night and over the weekend) and one with a single side are indicative; of the latter the price is
 * that side's, for there is no middle.
 * @returns `undefined` when it has neither side.
 */
export function priceTick(wire: WirePrice, source: Source, receivedAt: Micros): Tick | undefined {
  const bid = best(wire.bids, 1);
  const ask = best(wire.asks, -1);
  const price = bid === undefined || ask === undefined ? (bid ?? ask)?.price : midPrice(bid.price, ask.price);
  if (price === undefined) return undefined;
  const isTraded = wire.tradeable !== false && (wire.status ?? 'tradeable') === 'tradeable';
  return {
    type: 'tick',
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    timestamp: wire.time,
    receivedAt,
    kind: 'quote',
    price,
    size: 0,
    side: 'UNKNOWN',
    ...(bid === undefined ? {} : { bid: bid.price, bidSize: bid.size }),
    ...(ask === undefined ? {} : { ask: ask.price, askSize: ask.size }),
    ...(isTraded && bid !== undefined && ask !== undefined ? {} : { condition: 'INDICATIVE' }),
  };
}

/** What a candle may be made of, by the venue's name for it. */
export const CANDLE_PRICES = { mid: 'M', bid: 'B', ask: 'A' } as const satisfies Partial<
  Record<PriceType, string>
>;

/** A price type candles have. */
export type CandlePriceType = keyof typeof CANDLE_PRICES;

/**
 * A bar of a candle, as far as it has prices of this type. The venue counts the prices in it, which is no volume; it sends no
 * time with it, so that is our receive time.
 */
export function candleBar(
  candle: WireCandle,
  source: Source,
  interval: string,
  priceType: CandlePriceType,
  receivedAt: Micros,
): OHLCV | undefined {
  const prices = candle[priceType];
  if (prices === undefined) return undefined;
  return {
    type: 'bar',
    ...source,
    timestamp: receivedAt,
    receivedAt,
    interval,
    priceType,
    openTime: candle.time,
    open: parseDecimal(prices.o),
    high: parseDecimal(prices.h),
    low: parseDecimal(prices.l),
    close: parseDecimal(prices.c),
    volume: 0,
    trades: candle.volume,
    isClosed: candle.complete,
  };
}

/** @param direction 1: the greatest price is the best; -1: the least. */
function best(ladder: Ladder, direction: 1 | -1): Best | undefined {
  let price = NaN;
  let size = 0;
  for (const step of ladder) {
    const candidate = parseDecimal(step.price);
    if (candidate === price) size += step.liquidity;
    else if (Number.isNaN(price) || (candidate - price) * direction > 0) {
      price = candidate;
      size = step.liquidity;
    }
  }
  return Number.isNaN(price) ? undefined : { price, size };
}
