import type { Micros } from '@autotrader/schemas';
import type { BoundedLog } from './market/bounded-log.js';

/** A trade as REST tells it. */
export interface TradeRecord {
  readonly id: number;
  readonly price: string;
  readonly quantity: string;
  readonly quoteQuantity: string;
  readonly time: Micros;
  readonly isBuyerMaker: boolean;
}

/** Fills of one taker order at one price, as REST tells them. */
export interface AggregateRecord {
  readonly id: number;
  readonly price: string;
  readonly quantity: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly time: Micros;
  readonly isBuyerMaker: boolean;
}

/** A bar as REST tells it; times in microseconds, the close being the last microsecond of the bar. */
export interface BarRecord {
  readonly openTime: Micros;
  readonly closeTime: Micros;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
  readonly takerVolume: string;
  readonly takerQuoteVolume: string;
}

/** Which records are asked for: by id, by time (both ends included), or the latest. */
export interface HistoryQuery {
  readonly fromId?: number | undefined;
  readonly startTime?: Micros | undefined;
  readonly endTime?: Micros | undefined;
  readonly limit: number;
}

/** What REST knows of one symbol's past. */
export interface VenueHistory {
  trades(query: HistoryQuery): TradeRecord[];
  aggregates(query: HistoryQuery): AggregateRecord[];
  bars(interval: string, query: HistoryQuery): BarRecord[];
}

/**
 * The venue's way of choosing: from an id on; from a start on, oldest first; with only an end, the latest
 * before it; otherwise the latest.
 */
export function select<T>(
  log: BoundedLog<T>,
  query: HistoryQuery,
  idOf: (entry: T) => number,
  timeOf: (entry: T) => Micros,
): T[] {
  const { fromId, startTime, endTime, limit } = query;
  if (fromId !== undefined) {
    const first = log.firstAtLeast(fromId, idOf);
    return log.slice(first, first + limit);
  }
  const end = endTime === undefined ? log.length : log.firstAtLeast(endTime + 1, timeOf);
  if (startTime === undefined) return log.slice(end - limit, end);
  const first = log.firstAtLeast(startTime, timeOf);
  return log.slice(first, Math.min(end, first + limit));
}
