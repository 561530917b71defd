import type { BarBatch } from '@autotrader/connector-core';
import type { ArrowColumns } from './arrow-columns.js';
import { textsOf } from './dictionary.js';
import { eventColumns, numbers } from './event-rows.js';

/** What stands in `source` for a bar that the venue itself sent. */
const VENUE = 'venue';

/** The columns of `bars_raw`. */
export function encodeBars({ rows }: BarBatch): ArrowColumns {
  return eventColumns(rows)
    .texts('interval', textsOf(rows.map(({ interval }) => interval)))
    .texts('price_type', textsOf(rows.map(({ priceType }) => priceType)))
    .timestamp('open_time', numbers(rows, 'openTime'))
    .float64('open', numbers(rows, 'open'))
    .float64('high', numbers(rows, 'high'))
    .float64('low', numbers(rows, 'low'))
    .float64('close', numbers(rows, 'close'))
    .float64('volume', numbers(rows, 'volume'))
    .nullableUint64('trades', numbers(rows, 'trades'))
    .nullableFloat64('vwap', numbers(rows, 'vwap'))
    .bool(
      'is_closed',
      Uint8Array.from(rows, ({ isClosed }) => (isClosed ? 1 : 0)),
    )
    .optionalTexts('adjustment', textsOf(rows.map(({ adjustment }) => adjustment ?? '')))
    .text('source', VENUE);
}
