import type { QuarantinedFrame } from '@autotrader/connector-core';
import {
  AssetClass,
  type Depth,
  type Gap,
  GapCause,
  type OHLCV,
  Side,
  type Tick,
  TickCondition,
} from '@autotrader/schemas';
import fc from 'fast-check';

const LAST_MICROS = Date.UTC(2255, 0) * 1000;

const micros = fc.integer({ min: 0, max: LAST_MICROS });
const sequenceId = fc.maxSafeNat();
const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const size = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });

/** Few different texts, so that rows share sources as they do in life. */
const few = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constantFrom('A', 'B'), texts);

const eventFields = {
  venue: fc.constantFrom('BINANCE', 'OANDA', 'IBKR'),
  symbol: few(text),
  venueSymbol: few(text),
  assetClass: fc.constantFrom(...AssetClass.options),
  stream: few(text),
  timestamp: micros,
  receivedAt: micros,
};
const REQUIRED = [
  'venue',
  'symbol',
  'venueSymbol',
  'assetClass',
  'stream',
  'timestamp',
  'receivedAt',
] as const;

/** Any tick, whether or not a venue would send it. */
export const anyTick: fc.Arbitrary<Tick> = fc.record(
  {
    type: fc.constant('tick' as const),
    ...eventFields,
    sequenceId,
    kind: fc.constantFrom('trade', 'quote'),
    price: number,
    size,
    side: fc.constantFrom(...Side.options),
    bid: number,
    ask: number,
    bidSize: size,
    askSize: size,
    condition: fc.constantFrom(...TickCondition.options),
    contentId: sequenceId,
  },
  { requiredKeys: ['type', ...REQUIRED, 'kind', 'price', 'size', 'side'] },
);

const levels = fc.array(fc.record({ price: number, size }), { maxLength: 5 });

/** Any order book, empty sides among them. */
export const anyDepth: fc.Arbitrary<Depth> = fc.record(
  {
    type: fc.constant('depth' as const),
    ...eventFields,
    sequenceId,
    firstSequenceId: sequenceId,
    isSnapshot: fc.boolean(),
    bids: levels,
    asks: levels,
  },
  { requiredKeys: ['type', ...REQUIRED, 'isSnapshot', 'bids', 'asks'] },
);

/** Any bar. */
export const anyBar: fc.Arbitrary<OHLCV> = fc.record(
  {
    type: fc.constant('bar' as const),
    ...eventFields,
    sequenceId,
    interval: fc.constantFrom('1m', '5m', '1d'),
    priceType: fc.constantFrom('trade', 'mid'),
    openTime: micros,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: size,
    trades: sequenceId,
    vwap: number,
    isClosed: fc.boolean(),
    adjustment: fc.constant('SPLITS' as const),
  },
  {
    requiredKeys: [
      ...['type' as const, ...REQUIRED, 'interval' as const, 'priceType' as const, 'openTime' as const],
      ...(['open', 'high', 'low', 'close', 'volume', 'isClosed'] as const),
    ],
  },
);

/** Any gap. */
export const anyGap: fc.Arbitrary<Gap> = fc.record(
  {
    type: fc.constant('gap' as const),
    ...eventFields,
    sequenceId,
    fromSequence: sequenceId,
    toSequence: sequenceId,
    fromTime: micros,
    toTime: micros,
    cause: fc.constantFrom(...GapCause.options),
    healedAt: micros,
  },
  { requiredKeys: ['type', ...REQUIRED, 'fromTime', 'toTime', 'cause'] },
);

/** Any frame, empty and not UTF-8 among them. */
export const anyFrame: fc.Arbitrary<QuarantinedFrame> = fc.record({
  venue: fc.constantFrom('BINANCE', 'OANDA'),
  receivedAt: micros,
  reason: fc.string({ unit: 'grapheme' }),
  frame: fc.uint8Array({ maxLength: 64 }),
});
