import { inUnit, type TimeUnit } from '../time-unit.js';
import type { AggregateRecord, BarRecord, TradeRecord } from '../venue-history.js';

export function tradeRow(trade: TradeRecord, unit: TimeUnit): unknown {
  return {
    id: trade.id,
    price: trade.price,
    qty: trade.quantity,
    quoteQty: trade.quoteQuantity,
    time: inUnit(trade.time, unit),
    isBuyerMaker: trade.isBuyerMaker,
    isBestMatch: true,
  };
}

export function aggregateRow(trade: AggregateRecord, unit: TimeUnit): unknown {
  return {
    a: trade.id,
    p: trade.price,
    q: trade.quantity,
    f: trade.firstId,
    l: trade.lastId,
    T: inUnit(trade.time, unit),
    m: trade.isBuyerMaker,
    M: true,
  };
}

export function barRow(bar: BarRecord, unit: TimeUnit): unknown {
  return [
    inUnit(bar.openTime, unit),
    bar.open,
    bar.high,
    bar.low,
    bar.close,
    bar.volume,
    inUnit(bar.closeTime, unit),
    bar.quoteVolume,
    bar.trades,
    bar.takerVolume,
    bar.takerQuoteVolume,
    '0',
  ];
}
