import { z } from 'zod';
import { eventFields, Micros } from './event.js';

/** What a bar's prices are prices of: executions, or mids, bids or asks of quotes. They never mix. */
export const PriceType = z.enum(['trade', 'mid', 'bid', 'ask']);
/** What a bar's prices are prices of: executions, or mids, bids or asks of quotes. They never mix. */
export type PriceType = z.infer<typeof PriceType>;

/** What prices and volumes were adjusted for after the fact: `SPLITS`, as if later splits had been then. */
export const Adjustment = z.enum(['SPLITS']);
/** What prices and volumes were adjusted for after the fact: `SPLITS`, as if later splits had been then. */
export type Adjustment = z.infer<typeof Adjustment>;

/** One bar of open, high, low, close and volume, as a venue sent it or as it was computed from ticks. */
export const OHLCV = z
  .object({
    type: z.literal('bar'),
    ...eventFields,
    interval: z
      .string()
      .regex(/^[1-9][0-9]*(s|m|h|d|w|M)$/)
      .meta({ description: 'length of the bar: 1m 5m 15m 1h 1d' }),
    priceType: PriceType.meta({ description: 'trade: prices of executions; mid, bid, ask: of quotes' }),
    openTime: Micros.meta({
      description: 'start of the bar, microseconds since the epoch, UTC',
      storedAs: 'timestamp',
    }),
    open: z.number().meta({ description: 'first price' }),
    high: z.number().meta({ description: 'highest price' }),
    low: z.number().meta({ description: 'lowest price' }),
    close: z.number().meta({ description: 'last price' }),
    volume: z.number().min(0).meta({ description: 'traded size, base units' }),
    trades: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'number of trades (of quotes in a mid bar)', storedAs: 'uint64' }),
    vwap: z.number().optional().meta({ description: 'volume-weighted average price' }),
    isClosed: z.boolean().meta({ description: 'true once the bar will not change any more' }),
    adjustment: Adjustment.optional().meta({
      description: 'SPLITS: as if later splits had been then; absent: as traded',
    }),
  })
  .readonly();
/** One bar of open, high, low, close and volume, as a venue sent it or as it was computed from ticks. */
export type OHLCV = z.infer<typeof OHLCV>;
