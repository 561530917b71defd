import { z } from 'zod';
import type { Store } from '../record/store.js';

const MOST_BARS = 500;
const name = z.string().min(1).max(100);

/** Which bars are wanted, as a query string says it. */
export const BarsRequest = z.object({
  venue: name,
  symbol: name,
  priceType: z.enum(['trade', 'mid']),
  interval: z.enum(['1m', '5m', '15m', '1h', '1d']),
  /** Only bars from this one on, seconds since the epoch. */
  from: z.coerce.number().int().min(0).default(0),
});
/** Which bars are wanted. */
export type BarsRequest = z.infer<typeof BarsRequest>;

/** A bar, as the chart takes it. */
export interface ChartBar {
  /** Its first moment, seconds since the epoch. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What there are bars of. */
export interface Charted {
  readonly venue: string;
  readonly symbol: string;
  readonly priceType: 'trade' | 'mid';
}

/** The newest bars, oldest first, the running one at the end; of several sources the one made from ticks. */
export async function readBars(store: Pick<Store, 'query'>, request: BarsRequest): Promise<ChartBar[]> {
  const { venue, symbol, priceType, interval, from } = request;
  const rows = await store.query<ChartBar>(`
    SELECT toUnixTimestamp(open_time) AS time, open, high, low, close, volume FROM bars
    WHERE venue = ${text(venue)} AND symbol = ${text(symbol)} AND interval = ${text(interval)}
      AND price_type = ${text(priceType)} AND open_time >= fromUnixTimestamp(${from})
    ORDER BY open_time DESC, source = 'ticks' DESC LIMIT 1 BY open_time LIMIT ${MOST_BARS}`);
  return rows.reverse();
}

/** Every instrument that there are minute bars of, live or back-filled. */
export function readCharted(store: Pick<Store, 'query'>): Promise<Charted[]> {
  return store.query<Charted>(`
    SELECT venue, symbol, price_type AS priceType FROM bars
    GROUP BY venue, symbol, price_type ORDER BY venue, symbol, price_type DESC`);
}

/** A text as SQL writes it. */
function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
