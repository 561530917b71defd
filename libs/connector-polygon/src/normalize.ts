import type { Instrument } from '@autotrader/connector-core';
import type { Micros, OHLCV } from '@autotrader/schemas';
import { newYorkDate, newYorkMidnight } from './new-york.js';
import type { WireAggregate } from './protocol.js';
import { endOf, intervalOf, isOfDays, type Span } from './spans.js';
import { VENUE } from './venue-name.js';

const MILLI = 1_000;
const DAY = 86_400_000_000;
/** An answer marked as delayed is so late. */
const DELAY = 15 * 60_000_000;

/** What an aggregate is of. */
export interface AggregateOf {
  readonly instrument: Instrument;
  readonly span: Span;
  readonly stream: string;
  readonly isAdjusted: boolean;
  readonly isDelayed: boolean;
  readonly receivedAt: Micros;
}

/**
 * A bar of an aggregate. A day of stocks begins at midnight in New York, whatever hour of it the venue stamps it with (the whole
 * market's at the close), so each has the date it was traded at. Forex has no trades: its bars are of quotes, without volume.
 */
export function aggregateBar(wire: WireAggregate, about: AggregateOf): OHLCV {
  const { instrument, span, stream, isAdjusted, isDelayed, receivedAt } = about;
  const isNewYork = instrument.assetClass === 'EQUITY' || instrument.assetClass === 'INDEX';
  const openTime = openTimeOf(wire.t * MILLI, span, isNewYork);
  const isQuoted = instrument.assetClass === 'FOREX';
  const { v: volume, vw: vwap, n: trades } = wire;
  return {
    type: 'bar',
    venue: VENUE,
    ...instrument,
    stream,
    timestamp: receivedAt,
    receivedAt,
    interval: intervalOf(span),
    priceType: isQuoted ? 'mid' : 'trade',
    openTime,
    ...{ open: wire.o, high: wire.h, low: wire.l, close: wire.c },
    volume: isQuoted ? 0 : volume,
    ...(trades === undefined ? {} : { trades }),
    ...(vwap === undefined || isQuoted ? {} : { vwap }),
    isClosed: endOf(openTime, span, isNewYork) <= receivedAt - (isDelayed ? DELAY : 0),
    ...(isAdjusted ? { adjustment: 'SPLITS' } : {}),
  };
}

function openTimeOf(time: Micros, span: Span, isNewYork: boolean): Micros {
  if (!isOfDays(span)) return time;
  return isNewYork ? newYorkMidnight(newYorkDate(time)) : time - (time % DAY);
}
