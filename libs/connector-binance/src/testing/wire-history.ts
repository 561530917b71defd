import { microsFromEpoch, type Micros } from '@autotrader/schemas';
import { streamKind, symbolOfStream } from './event-id.js';
import { BoundedLog } from './market/bounded-log.js';
import {
  type AggregateRecord,
  type BarRecord,
  type HistoryQuery,
  select,
  type TradeRecord,
  type VenueHistory,
} from './venue-history.js';

/** Members of a trade or aggTrade payload that REST tells as well. */
interface WireTrade {
  readonly p: string;
  readonly q: string;
  readonly T: number;
  readonly m: boolean;
  readonly f: number;
  readonly l: number;
}

interface KeptText {
  readonly id: number;
  readonly text: string;
}

const TEXTS_KEPT = 16_384;

/** What was played or scripted for one symbol, kept as text and read only when REST is asked. */
class SymbolTexts implements VenueHistory {
  readonly trade = new BoundedLog<KeptText>(TEXTS_KEPT);
  readonly aggTrade = new BoundedLog<KeptText>(TEXTS_KEPT);

  trades(query: HistoryQuery): TradeRecord[] {
    return select(this.trade, query, idOf, timeOf).map((kept) => {
      const { p, q, T, m } = payloadOf(kept);
      const quoteQuantity = (Number(p) * Number(q)).toFixed(8);
      return { id: kept.id, price: p, quantity: q, quoteQuantity, time: microsFromEpoch(T), isBuyerMaker: m };
    });
  }

  aggregates(query: HistoryQuery): AggregateRecord[] {
    return select(this.aggTrade, query, idOf, timeOf).map((kept) => {
      const { p, q, f, l, T, m } = payloadOf(kept);
      const time = microsFromEpoch(T);
      return { id: kept.id, price: p, quantity: q, firstId: f, lastId: l, time, isBuyerMaker: m };
    });
  }

  bars(): BarRecord[] {
    return [];
  }
}

/** The past of symbols that have no generated market: trades and aggTrades that were played or scripted. */
export class WireHistory {
  readonly #symbols = new Map<string, SymbolTexts>();

  /** Remembers a trade or aggTrade message, sent or withheld; others are none of REST's. */
  note(stream: string, id: number | undefined, text: string): void {
    const kind = streamKind(stream);
    if (id === undefined || (kind !== 'trade' && kind !== 'aggTrade')) return;
    const log = this.of(symbolOfStream(stream))[kind];
    if (id > (log.at(log.length - 1)?.id ?? -1)) log.push({ id, text });
  }

  of(symbol: string): SymbolTexts {
    const known = this.#symbols.get(symbol) ?? new SymbolTexts();
    this.#symbols.set(symbol, known);
    return known;
  }
}

/** The text is a payload, bare or in the combined wrapper. */
function payloadOf({ text }: KeptText): WireTrade {
  const message = JSON.parse(text) as WireTrade & { data?: WireTrade };
  return message.data ?? message;
}

function idOf({ id }: KeptText): number {
  return id;
}

function timeOf(kept: KeptText): Micros {
  return microsFromEpoch(payloadOf(kept).T);
}
