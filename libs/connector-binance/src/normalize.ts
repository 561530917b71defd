import type { Source } from '@autotrader/connector-core';
import {
  type Depth,
  type DepthLevel,
  type Micros,
  microsFromEpoch,
  midPrice,
  type OHLCV,
  type Tick,
} from '@autotrader/schemas';
import type {
  WireAggTrade,
  WireBookTicker,
  WireDepthUpdate,
  WireKline,
  WirePartialDepth,
  WireTrade,
} from './protocol.js';

/** A trade or an aggregate of trades; the aggressor sold when the buyer was the maker. */
export function tradeTick(
  source: Source,
  receivedAt: Micros,
  id: number,
  time: number,
  price: number,
  size: number,
  isBuyerMaker: boolean,
): Tick {
  return {
    type: 'tick',
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    timestamp: microsFromEpoch(time),
    receivedAt,
    sequenceId: id,
    kind: 'trade',
    price,
    size,
    side: isBuyerMaker ? 'SELL' : 'BUY',
  };
}

/** Best bid and ask; the venue sends no time with it, so it is our receive time. */
export function quoteTick(
  source: Source,
  receivedAt: Micros,
  id: number,
  bid: number,
  bidSize: number,
  ask: number,
  askSize: number,
): Tick {
  return {
    type: 'tick',
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    timestamp: receivedAt,
    receivedAt,
    sequenceId: id,
    kind: 'quote',
    price: midPrice(bid, ask),
    size: 0,
    side: 'UNKNOWN',
    bid,
    ask,
    bidSize,
    askSize,
  };
}

/** The levels that changed between two update ids. */
export function depthDiff(
  source: Source,
  receivedAt: Micros,
  firstId: number,
  lastId: number,
  time: number,
  bids: readonly DepthLevel[],
  asks: readonly DepthLevel[],
): Depth {
  return {
    type: 'depth',
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    timestamp: microsFromEpoch(time),
    receivedAt,
    sequenceId: lastId,
    firstSequenceId: firstId,
    isSnapshot: false,
    bids,
    asks,
  };
}

/** The top of the book, whole; the venue sends no time with it, so it is our receive time. */
export function depthSnapshot(
  source: Source,
  receivedAt: Micros,
  id: number,
  bids: readonly DepthLevel[],
  asks: readonly DepthLevel[],
): Depth {
  return {
    type: 'depth',
    venue: source.venue,
    symbol: source.symbol,
    venueSymbol: source.venueSymbol,
    assetClass: source.assetClass,
    stream: source.stream,
    timestamp: receivedAt,
    receivedAt,
    sequenceId: id,
    isSnapshot: true,
    bids,
    asks,
  };
}

/** The trade of a checked payload. */
export function normalizeTrade(wire: WireTrade, source: Source, receivedAt: Micros): Tick {
  return tradeTick(source, receivedAt, wire.t, wire.T, Number(wire.p), Number(wire.q), wire.m);
}

/** The aggregate trade of a checked payload. */
export function normalizeAggTrade(wire: WireAggTrade, source: Source, receivedAt: Micros): Tick {
  return tradeTick(source, receivedAt, wire.a, wire.T, Number(wire.p), Number(wire.q), wire.m);
}

/** The quote of a checked payload. */
export function normalizeBookTicker(wire: WireBookTicker, source: Source, receivedAt: Micros): Tick {
  return quoteTick(
    source,
    receivedAt,
    wire.u,
    Number(wire.b),
    Number(wire.B),
    Number(wire.a),
    Number(wire.A),
  );
}

/** The top of the book of a checked payload. */
export function normalizePartialDepth(wire: WirePartialDepth, source: Source, receivedAt: Micros): Depth {
  return depthSnapshot(source, receivedAt, wire.lastUpdateId, wire.bids.map(level), wire.asks.map(level));
}

/** The changed levels of a checked payload. */
export function normalizeDepthUpdate(wire: WireDepthUpdate, source: Source, receivedAt: Micros): Depth {
  return depthDiff(source, receivedAt, wire.U, wire.u, wire.E, wire.b.map(level), wire.a.map(level));
}

/** The bar of a checked payload; its volume-weighted price is the quote volume over the volume. */
export function normalizeKline(wire: WireKline, source: Source, receivedAt: Micros): OHLCV {
  const { k } = wire;
  const volume = Number(k.v);
  return {
    type: 'bar',
    ...source,
    timestamp: microsFromEpoch(wire.E),
    receivedAt,
    interval: k.i,
    priceType: 'trade',
    openTime: microsFromEpoch(k.t),
    open: Number(k.o),
    high: Number(k.h),
    low: Number(k.l),
    close: Number(k.c),
    volume,
    trades: k.n,
    ...(volume > 0 ? { vwap: Number(k.q) / volume } : {}),
    isClosed: k.x,
  };
}

function level([price, size]: readonly [string, string]): DepthLevel {
  return { price: Number(price), size: Number(size) };
}
