import { type Micros, parseRfc3339 } from '@autotrader/schemas';
import { z } from 'zod';

// PAGE is https://developer.oanda.com/rest-live-v20

const DECIMAL = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,30})?$/;
const UNIX = /^([0-9]{1,10})\.([0-9]{1,9})$/;

const decimal = z.string().regex(DECIMAL, 'not a decimal');

/** RFC 3339 or seconds since the epoch, both with up to nine decimals, to microseconds. @see PAGE/primitives-df */
const time = z.string().transform((text, context): Micros => {
  const [, seconds, fraction = ''] = UNIX.exec(text) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
  try {
    return parseRfc3339(text);
  } catch {
    context.addIssue('not a time');
    return z.NEVER;
  }
});

/** A step of the ladder: at this price so many units. */
const bucket = z.strictObject({ price: decimal, liquidity: z.int().min(0) });

/**
 * `{"type":"PRICE","instrument":"EUR_USD","time":"2026-11-22T22:05:01.123456789Z","status":"tradeable","tradeable":true,
 * "bids":[{"price":"1.05231","liquidity":1000000}],"asks":[{"price":"1.05245","liquidity":1000000}],
 * "closeoutBid":"1.05230","closeoutAsk":"1.05247"}`: `bids` and `asks` are ladders, either may be empty; the close-out
 * prices are what a position is valued at, and no quote. @see PAGE/pricing-df/#ClientPrice
 */
export const WirePrice = z.strictObject({
  type: z.literal('PRICE'),
  instrument: z.string(),
  time,
  /** Deprecated, and all there was before `tradeable`. */
  status: z.enum(['tradeable', 'non-tradeable', 'invalid']).optional(),
  tradeable: z.boolean().optional(),
  bids: z.array(bucket),
  asks: z.array(bucket),
  closeoutBid: decimal.optional(),
  closeoutAsk: decimal.optional(),
  /** Of the account, and no market data. */
  quoteHomeConversionFactors: z.unknown().optional(),
  unitsAvailable: z.unknown().optional(),
});
/** A price as the schema hands it on, its time in microseconds. */
export type WirePrice = z.output<typeof WirePrice>;

/** `{"type":"HEARTBEAT","time":"2026-11-22T22:05:05.000000000Z"}`, every five seconds. @see PAGE/pricing-df/#PricingHeartbeat */
export const WireHeartbeat = z.strictObject({ type: z.literal('HEARTBEAT'), time });

/** `{"errorMessage":"Insufficient authorization to perform request."}`, some with an `errorCode`. @see PAGE/troubleshooting-errors */
export const WireError = z.object({ errorMessage: z.string(), errorCode: z.string().optional() });

/** `GET /v3/accounts/{id}/instruments`; what else there is of an instrument is about trading it. @see PAGE/primitives-df/#Instrument */
export const WireInstruments = z.object({
  instruments: z.array(
    z.object({
      /** Base and quote with `_` between them: `EUR_USD`, `DE30_EUR`. */
      name: z.string().regex(/^[^_\s]+_[^_\s]+$/, 'not BASE_QUOTE'),
      type: z.enum(['CURRENCY', 'CFD', 'METAL']),
      tags: z.array(z.object({ type: z.string(), name: z.string() })).optional(),
    }),
  ),
});
/** An instrument of the account. */
export type WireInstrument = z.infer<typeof WireInstruments>['instruments'][number];

const prices = z.strictObject({ o: decimal, h: decimal, l: decimal, c: decimal });

/**
 * `GET /v3/instruments/{i}/candles`: `time` is the start of the bar, `volume` the number of prices in it; only the prices
 * that were asked for are there. @see PAGE/instrument-ep
 */
export const WireCandles = z.object({
  instrument: z.string(),
  granularity: z.string(),
  candles: z.array(
    z.strictObject({
      complete: z.boolean(),
      volume: z.int().min(0),
      time,
      mid: prices.optional(),
      bid: prices.optional(),
      ask: prices.optional(),
    }),
  ),
});
/** One candle, its time in microseconds. */
export type WireCandle = z.output<typeof WireCandles>['candles'][number];
