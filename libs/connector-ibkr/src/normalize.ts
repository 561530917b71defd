import type { Source } from '@autotrader/connector-core';
import {
  type Depth,
  type DepthLevel,
  type Micros,
  midPrice,
  type OHLCV,
  type Tick,
} from '@autotrader/schemas';

const SECOND = 1_000_000;
const BAR_SECONDS = 5;

/** What a quote says. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
}

/** When a tick happened, and whether it is late; `contentId` for lack of an id. */
export interface TickTimes {
  readonly timestamp: Micros;
  readonly receivedAt: Micros;
  readonly contentId?: number;
  readonly isDelayed?: boolean;
}

/** A trade. The venue does not tell the aggressor. */
export function tradeTick(source: Source, times: TickTimes, price: number, size: number): Tick {
  return tickOf(source, times, 'trade', price, size);
}

/** Best bid and ask; the price is their middle. */
export function quoteTick(source: Source, times: TickTimes, { bid, ask, bidSize, askSize }: Quote): Tick {
  const tick = tickOf(source, times, 'quote', midPrice(bid, ask), 0);
  tick.bid = bid;
  tick.ask = ask;
  tick.bidSize = bidSize;
  tick.askSize = askSize;
  return tick;
}

/** The middle of bid and ask, which are not told. */
export function midTick(source: Source, times: TickTimes, price: number): Tick {
  return tickOf(source, times, 'quote', price, 0);
}

/** The ladder as it stands, best first: each change of a position-indexed ladder is told as the whole. */
export function ladderDepth(
  source: Source,
  receivedAt: Micros,
  bids: readonly DepthLevel[],
  asks: readonly DepthLevel[],
): Depth {
  const ladder = { bids: [...bids], asks: [...asks] };
  return { type: 'depth', ...source, timestamp: receivedAt, receivedAt, isSnapshot: true, ...ladder };
}

/** What a bar says. */
export interface Bar {
  /** Start, seconds since the epoch. */
  readonly seconds: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Below 0 where there are no trades. */
  readonly volume: number;
  readonly vwap: number;
  readonly trades: number;
}

/** A bar of five seconds; it is of mids where the instrument has no trades (forex). */
export function fiveSecondBar(source: Source, receivedAt: Micros, bar: Bar, isOfMids: boolean): OHLCV {
  const { seconds, open, high, low, close, volume, vwap, trades } = bar;
  const openTime = seconds * SECOND;
  const traded = volume > 0 && !isOfMids ? { volume, ...(vwap > 0 ? { vwap } : {}) } : { volume: 0 };
  return {
    type: 'bar',
    ...source,
    timestamp: openTime + BAR_SECONDS * SECOND,
    receivedAt,
    interval: `${BAR_SECONDS}s`,
    priceType: isOfMids ? 'mid' : 'trade',
    openTime,
    ...{ open, high, low, close },
    ...traded,
    ...(trades >= 0 && !isOfMids ? { trades } : {}),
    isClosed: true,
  };
}

/** A tick while it is being made. */
type Unfinished = { -readonly [Field in keyof Tick]: Tick[Field] };

/** Field by field and not by spreading parts, which takes ten times as long. */
function tickOf(
  source: Source,
  { timestamp, receivedAt, contentId, isDelayed }: TickTimes,
  kind: Tick['kind'],
  price: number,
  size: number,
): Unfinished {
  const tick: Unfinished = {
    type: 'tick',
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    timestamp,
    receivedAt,
    kind,
    price,
    size,
    side: 'UNKNOWN',
  };
  if (contentId !== undefined) tick.contentId = contentId;
  if (isDelayed === true) tick.condition = 'DELAYED';
  return tick;
}
