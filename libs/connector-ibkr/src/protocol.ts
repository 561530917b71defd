import { SecType } from '@stoqey/ib';
import { z } from 'zod';

// PAGE is https://ibkrcampus.com/campus/ibkr-api-page/twsapi-doc/
// Events of the library, by what it hands on; numbers it could not read are NaN, which no schema takes.

const id = z.int();
const price = z.number();
const size = z.number().min(0);
/** Seconds since the epoch, as a number or its text. */
const seconds = z.coerce.number().int().min(1e9).max(9e9);
const text = z
  .string()
  .optional()
  .transform((value) => value ?? '');

/** Trades: `reqId, type (1 Last, 2 AllLast), time, price, size, attributes, exchange, conditions`. @see PAGE#tick-by-tick */
export const TickByTickTrade = z.tuple([
  id,
  z.int(),
  seconds,
  price,
  size,
  z.object({ pastLimit: z.boolean().optional(), unreported: z.boolean().optional() }).optional(),
  text,
  text,
]);
/** Best bid and ask: `reqId, time, bid, ask, bid size, ask size, attributes`. @see PAGE#tick-by-tick */
export const TickByTickQuote = z.tuple([id, seconds, price, price, size, size, z.unknown()]);
/** The middle: `reqId, time, price`. @see PAGE#tick-by-tick */
export const TickByTickMid = z.tuple([id, seconds, price]);
/** A bar of five seconds: `reqId, start, open, high, low, close, volume, vwap, trades`; -1 where there are no trades. @see PAGE#live-bars */
export const RealTimeBar = z.tuple([
  id,
  seconds,
  price,
  price,
  price,
  price,
  z.number(),
  z.number(),
  z.int(),
]);
/** A change of a ladder: `reqId, position, operation, side, price, size`. @see PAGE#market-depth */
export const DepthChange = z.tuple([
  id,
  z.int().min(0).max(999),
  z.union([z.literal(0), z.literal(1), z.literal(2)]),
  z.union([z.literal(0), z.literal(1)]),
  price,
  size,
]);
/** The same with a market maker behind the position. @see PAGE#market-depth */
export const DepthChangeL2 = z.tuple([
  id,
  z.int().min(0).max(999),
  text,
  z.union([z.literal(0), z.literal(1), z.literal(2)]),
  z.union([z.literal(0), z.literal(1)]),
  price,
  size,
  z.unknown(),
]);
/** `reqId, tick type, price, attributes`; -1: there is none. @see PAGE#md-receive */
export const TickPrice = z.tuple([id, z.int(), price]).rest(z.unknown());
/** `reqId, tick type, size`. @see PAGE#md-receive */
export const TickSize = z.tuple([id, z.int(), size]).rest(z.unknown());
/** `reqId, tick type, text`. @see PAGE#md-receive */
export const TickString = z.tuple([id, z.int(), z.string()]).rest(z.unknown());
/** `reqId, 1 live 2 frozen 3 delayed 4 delayed and frozen`. @see PAGE#market-data-type */
export const DataType = z.tuple([id, z.int().min(1).max(4)]).rest(z.unknown());
/** `error, code, reqId`. @see PAGE#error-codes */
export const VenueError = z.tuple([z.instanceof(Error), z.int(), id]).rest(z.unknown());
/** `message, code`: of the system, about no request. @see PAGE#error-codes */
export const SystemMessage = z.tuple([z.string(), z.int()]).rest(z.unknown());
/** What we need of a contract's details. @see PAGE#contract-details */
export const Details = z
  .tuple([
    id,
    z.object({
      contract: z.object({
        conId: z.int().min(1),
        symbol: z.string(),
        secType: z.enum(SecType),
        exchange: z.string(),
        primaryExch: z.string().optional(),
        currency: z.string(),
        localSymbol: z.string(),
        lastTradeDateOrContractMonth: z.string().optional(),
      }),
      minTick: z.number().optional(),
      longName: z.string().optional(),
      underSecType: z.string().optional(),
    }),
  ])
  .rest(z.unknown());
/** A contract as the venue describes it. */
export type ContractDetails = z.output<typeof Details>[1];
