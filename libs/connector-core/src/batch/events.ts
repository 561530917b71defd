import type { Depth, DepthLevel, Gap, OHLCV, Tick } from '@autotrader/schemas';
import type { QuarantinedFrame } from '../quarantine.js';
import type { Source } from '../source.js';
import type { Batch, DepthBatch, TickBatch } from './batch.js';
import type { LevelColumns } from './depth-columns.js';
import { SIDES, TICK_CONDITIONS, TICK_KINDS } from './tick-columns.js';

/** The rows of a batch as events again, for consumers that want them one by one. */
export function* eventsOf(batch: Batch): Generator<Tick | Depth | OHLCV | Gap | QuarantinedFrame> {
  if (batch.type === 'tick') for (let row = 0; row < batch.length; row++) yield tickAt(batch, row);
  else if (batch.type === 'depth') for (let row = 0; row < batch.length; row++) yield depthAt(batch, row);
  else yield* batch.rows;
}

function tickAt({ sources, columns }: TickBatch, row: number): Tick {
  return {
    type: 'tick',
    ...eventFieldsAt(sources, columns, row),
    kind: at(TICK_KINDS, at(columns.kind, row)),
    price: at(columns.price, row),
    size: at(columns.size, row),
    side: at(SIDES, at(columns.side, row)),
    ...present('bid', at(columns.bid, row)),
    ...present('ask', at(columns.ask, row)),
    ...present('bidSize', at(columns.bidSize, row)),
    ...present('askSize', at(columns.askSize, row)),
    ...conditionAt(columns, row),
    ...present('contentId', at(columns.contentId, row)),
  };
}

function conditionAt({ condition }: TickBatch['columns'], row: number): Pick<Tick, 'condition'> {
  const text = at(TICK_CONDITIONS, at(condition, row));
  return text === '' ? {} : { condition: text };
}

function depthAt({ sources, columns }: DepthBatch, row: number): Depth {
  return {
    type: 'depth',
    ...eventFieldsAt(sources, columns, row),
    ...present('firstSequenceId', at(columns.firstSequenceId, row)),
    isSnapshot: at(columns.isSnapshot, row) === 1,
    bids: levelsAt(columns.bids, row),
    asks: levelsAt(columns.asks, row),
  };
}

type RowColumns = Pick<TickBatch['columns'], 'source' | 'timestamp' | 'receivedAt' | 'sequenceId'>;

function eventFieldsAt(sources: readonly Source[], columns: RowColumns, row: number) {
  const { venue, symbol, venueSymbol, assetClass, stream } = at(sources, at(columns.source, row));
  const times = { timestamp: at(columns.timestamp, row), receivedAt: at(columns.receivedAt, row) };
  const sequence = present('sequenceId', at(columns.sequenceId, row));
  return { venue, symbol, venueSymbol, assetClass, stream, ...times, ...sequence };
}

function levelsAt({ offsets, price, size }: LevelColumns, row: number): DepthLevel[] {
  const levels: DepthLevel[] = [];
  for (let i = at(offsets, row); i < at(offsets, row + 1); i++)
    levels.push({ price: at(price, i), size: at(size, i) });
  return levels;
}

function present<Name extends string>(name: Name, value: number): { [key in Name]?: number } {
  return Number.isNaN(value) ? {} : ({ [name]: value } as { [key in Name]: number });
}

function at<Value>(column: ArrayLike<Value>, index: number): Value {
  const value = column[index];
  if (value === undefined) throw new RangeError(`row ${index} is not in the batch`);
  return value;
}
