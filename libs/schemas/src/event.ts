import { z } from 'zod';
import { AssetClass } from './asset-class.js';

/** How a number is kept in Arrow and in ClickHouse; read by `@autotrader/schemas/arrow`. */
declare module 'zod' {
  interface GlobalMeta {
    readonly storedAs?: 'timestamp' | 'uint64';
  }
}

const LATEST_EXACT_MICROS = Number.MAX_SAFE_INTEGER;

/** A moment as an integer number of microseconds since the epoch, UTC (exact in a double until 2255). */
export const Micros = z
  .int()
  .min(0)
  .max(LATEST_EXACT_MICROS)
  .meta({ description: 'microseconds since the epoch, UTC', storedAs: 'timestamp' });
/** A moment as an integer number of microseconds since the epoch, UTC (exact in a double until 2255). */
export type Micros = z.infer<typeof Micros>;

/** A venue's own id of an event: a whole number that grows along the stream. */
export const SequenceId = z
  .int()
  .min(0)
  .meta({ description: "the venue's id of the event, where it has one", storedAs: 'uint64' });

/** A venue's name in capitals: `BINANCE`, `IBKR`, `OANDA`, `POLYGON`, `DUKASCOPY`. */
export const VenueName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/)
  .meta({ description: 'the venue, in capitals' });

/** What every event says of itself, whatever its type. */
export const eventFields = {
  venue: VenueName,
  symbol: z.string().min(1).meta({ description: 'canonical symbol: BTC/USDT, EUR/USD, AAPL' }),
  venueSymbol: z.string().min(1).meta({ description: "the venue's own name of the instrument: BTCUSDT" }),
  assetClass: AssetClass.meta({ description: 'what kind of thing is traded' }),
  stream: z.string().min(1).meta({ description: "the venue's stream the event came by: trade, depth20" }),
  timestamp: Micros.meta({
    description:
      "the venue's event time, in microseconds since the epoch, UTC; our receive time where it sends none",
    storedAs: 'timestamp',
  }),
  receivedAt: Micros.meta({
    description: 'our clock when the frame came off the socket, in microseconds since the epoch, UTC',
    storedAs: 'timestamp',
  }),
  sequenceId: SequenceId.optional(),
} as const;
