import { z } from 'zod';

// PAGE is https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams

/** Decimals behind the point; the venue pads to 8, and a text without an end is no price. */
export const MOST_FRACTION_DIGITS = 30;
/** More than 15 digits before the point is no price and no size either. */
const DECIMAL = new RegExp(`^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,${MOST_FRACTION_DIGITS}})?$`);
const FEWEST_MILLIS = 1e12;
/** The last one that is exact in microseconds, in the year 2255. */
const MOST_MILLIS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
const FEWEST_MICROS = 1e15;
const MOST_MICROS = Number.MAX_SAFE_INTEGER;

const decimal = z.string().regex(DECIMAL, 'not a decimal');
const id = z.int().min(0);
/** Milliseconds in 13 digits or microseconds in 16: the digits tell, whatever was asked for. */
const time = z.int().refine(isEpochTime, 'not a time in ms or µs');

/** Whether a whole number is a time of the venue, between 2001 and 2255. */
export function isEpochTime(value: number): boolean {
  return (value >= FEWEST_MILLIS && value <= MOST_MILLIS) || (value >= FEWEST_MICROS && value <= MOST_MICROS);
}

/** `[price, size]`, both decimal text. Checked by hand: a tuple schema costs more than the rest of the frame. */
const levels = z.custom<readonly (readonly [string, string])[]>(
  (value) =>
    Array.isArray(value) &&
    value.every(
      (level: unknown) =>
        Array.isArray(level) && level.length === 2 && isDecimal(level[0]) && isDecimal(level[1]),
    ),
  'not a list of [price, size]',
);

function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && DECIMAL.test(value);
}

/** Every frame of data on a `/stream` connection. @see PAGE */
export const Envelope = z.strictObject({ stream: z.string(), data: z.unknown() });

/**
 * `{"e":"trade","E":1795361400123456,"s":"BTCUSDT","t":5312345678,"p":"84215.37","q":"0.00119","T":1795361400122871,
 * "m":true,"M":true}`: `T` matching time, `t` grows by one, `m` the buyer is the maker (so the aggressor sold).
 * @see PAGE#trade-streams
 */
export const WireTrade = z
  .strictObject({
    e: z.literal('trade'),
    E: time,
    s: z.string(),
    t: id,
    p: decimal,
    q: decimal,
    /** Buyer's and seller's order ids, both or neither: binance.us and old recordings still have them. */
    b: id.optional(),
    a: id.optional(),
    T: time,
    m: z.boolean(),
    M: z.boolean(),
  })
  .refine(({ b, a }) => (b === undefined) === (a === undefined), "one side's order id without the other's");
/** A `trade` payload. */
export type WireTrade = z.infer<typeof WireTrade>;

/** As a trade, with `a` the id (grows by one) and `f` to `l` the trades it stands for. @see PAGE#aggregate-trade-streams */
export const WireAggTrade = z.strictObject({
  e: z.literal('aggTrade'),
  E: time,
  s: z.string(),
  a: id,
  p: decimal,
  q: decimal,
  f: id,
  l: id,
  T: time,
  m: z.boolean(),
  M: z.boolean(),
});
/** An `aggTrade` payload. */
export type WireAggTrade = z.infer<typeof WireAggTrade>;

/** Best bid and ask with the book's update id `u`; no time and no type. @see PAGE#individual-symbol-book-ticker-streams */
export const WireBookTicker = z.strictObject({
  u: id,
  s: z.string(),
  b: decimal,
  B: decimal,
  a: decimal,
  A: decimal,
});
/** A `bookTicker` payload. */
export type WireBookTicker = z.infer<typeof WireBookTicker>;

/** Top levels, whole; no symbol, no time: only the wrapper names the symbol. @see PAGE#partial-book-depth-streams */
export const WirePartialDepth = z.strictObject({ lastUpdateId: id, bids: levels, asks: levels });
/** A `depth20` payload. */
export type WirePartialDepth = z.infer<typeof WirePartialDepth>;

/** Changed levels between the update ids `U` and `u`; size 0 removes a level. @see PAGE#diff-depth-stream */
export const WireDepthUpdate = z
  .strictObject({ e: z.literal('depthUpdate'), E: time, s: z.string(), U: id, u: id, b: levels, a: levels })
  .refine(({ U, u }) => U <= u, 'first update id is after the last');
/** A `depth` payload. */
export type WireDepthUpdate = z.infer<typeof WireDepthUpdate>;

/** A bar; final only when `x` is true. `f` and `L` are -1 when there was no trade. @see PAGE#klinecandlestick-streams-for-utc */
export const WireKline = z.strictObject({
  e: z.literal('kline'),
  E: time,
  s: z.string(),
  k: z.strictObject({
    t: time,
    T: time,
    s: z.string(),
    i: z.string(),
    f: z.int().min(-1),
    L: z.int().min(-1),
    o: decimal,
    c: decimal,
    h: decimal,
    l: decimal,
    v: decimal,
    n: id,
    x: z.boolean(),
    q: decimal,
    V: decimal,
    Q: decimal,
    B: z.string(),
  }),
});
/** A `kline` payload. */
export type WireKline = z.infer<typeof WireKline>;

/** The venue will close this connection; raw or in the wrapper. @see PAGE#general-wss-information */
export const WireServerShutdown = z.strictObject({ e: z.literal('serverShutdown'), E: time });

/** The venue agreed to a request; never wrapped. It echoes the id, and ours are numbers. */
export const WireReply = z.strictObject({ result: z.null(), id: z.int() });

const refusal = z.object({ code: z.int(), msg: z.string() });
const echoedId = z.int().nullish();
/** A refused request, in either of the forms seen; the id is often left out. */
export const WireRefusal = z.union([
  refusal.extend({ id: echoedId }),
  z.object({ error: refusal, id: echoedId }).transform(({ error, id }) => ({ ...error, id })),
]);
