import { z } from 'zod';

const price = z.number().positive();

/** An aggregate: https://massive.com/docs/rest/stocks/aggregates/custom-bars. */
export const WireAggregate = z.object({
  /** Ticker; in answers about the whole market. */
  T: z.string().optional(),
  /** Volume; with fractions, since fractional shares are reported. */
  v: z.number().min(0),
  /** Volume-weighted average price. */
  vw: z.number().optional(),
  o: price,
  c: price,
  h: price,
  l: price,
  /** Start of the window, milliseconds since the epoch; of the whole market's day, its end. */
  t: z.int().min(0),
  /** Number of trades. */
  n: z.int().min(0).optional(),
});
/** An aggregate. */
export type WireAggregate = z.output<typeof WireAggregate>;

/** What every answer says of itself. */
export const WireStatus = z.object({
  status: z.string(),
  error: z.string().optional(),
  message: z.string().optional(),
});

/** A page of aggregates; without any, there are no `results`. `DELAYED` is good, and 15 minutes late. */
export const WireAggregates = z.object({
  status: z.enum(['OK', 'DELAYED']),
  adjusted: z.boolean().optional(),
  results: z.array(WireAggregate).optional(),
  next_url: z.string().optional(),
});
/** A page of aggregates. */
export type WireAggregates = z.output<typeof WireAggregates>;

/** Tickers: https://massive.com/docs/rest/stocks/tickers/all-tickers. */
export const WireTickers = z.object({
  status: z.enum(['OK', 'DELAYED']),
  results: z
    .array(
      z.object({
        ticker: z.string(),
        market: z.string(),
        base_currency_symbol: z.string().optional(),
        currency_symbol: z.string().optional(),
      }),
    )
    .optional(),
});
