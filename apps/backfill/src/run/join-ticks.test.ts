import { eventsOf, TickColumnWriter, type TickBatch } from '@autotrader/connector-core';
import type { Tick } from '@autotrader/schemas';
import { expect, it } from '@jest/globals';
import { joinTicks } from './join-ticks.js';

const quote = (symbol: string, sequenceId: number): Tick => ({
  ...{ type: 'tick', venue: 'V', symbol, venueSymbol: symbol, assetClass: 'FOREX', stream: 'ticks' },
  ...{
    timestamp: sequenceId * 10,
    receivedAt: 5,
    sequenceId,
    kind: 'quote',
    price: 1.5,
    size: 0,
    side: 'UNKNOWN',
  },
  ...{
    bid: 1,
    ask: 2,
    bidSize: 3,
    askSize: sequenceId,
    ...(sequenceId % 2 === 0 && { condition: 'INDICATIVE' }),
  },
});

function batchOf(...ticks: Tick[]): TickBatch {
  const writer = new TickColumnWriter(10);
  for (const tick of ticks) writer.append(0, tick);
  const { venue = '', symbol = '', venueSymbol = '', assetClass = 'FOREX', stream = '' } = ticks[0] ?? {};
  return writer.take([{ venue, symbol, venueSymbol, assetClass, stream }]);
}

it('batches of ticks are one, each tick with its own source, and others stay', () => {
  const [a, b] = [[quote('A', 1), quote('A', 2)], [quote('B', 3)]];
  const bars = { type: 'bar', length: 0, rows: [] } as const;
  const [whole, other] = joinTicks([batchOf(...a), bars, batchOf(...b)]);
  expect(whole && [...eventsOf(whole)]).toEqual([...a, ...b]);
  expect(other).toBe(bars);
});

it('one batch, or none, is as it was', () => {
  const one = batchOf(quote('A', 1));
  expect(joinTicks([one])).toEqual([one]);
  expect(joinTicks([])).toEqual([]);
});

it('no more are joined than make an insert', () => {
  const large = (id: number): TickBatch => ({ ...batchOf(quote('A', id)), length: 40_000 });
  expect(joinTicks([large(1), large(2), large(3)]).map(({ length }) => length)).toEqual([
    40_000, 40_000, 40_000,
  ]);
});
