import { describe, expect, it } from '@jest/globals';
import { type Depth, Side, type Tick } from '@autotrader/schemas';
import fc from 'fast-check';
import type { Source } from '../source.js';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import { DepthColumnWriter } from './depth-columns.js';
import { eventsOf } from './events.js';
import { TickColumnWriter } from './tick-columns.js';

const sources: Source[] = [subscriptionOf('trade').source, subscriptionOf('book', 'BBB').source];

const micros = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const price = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const size = fc.double({ min: 0, max: 1e12, noNaN: true });
const source = fc.nat(sources.length - 1);
const times = { timestamp: micros, receivedAt: micros };

const tick = fc.record(
  {
    ...times,
    sequenceId: micros,
    kind: fc.constantFrom('trade' as const, 'quote' as const),
    price,
    size,
    side: fc.constantFrom(...Side.options),
    bid: price,
    ask: price,
    bidSize: size,
    askSize: size,
  },
  { requiredKeys: ['timestamp', 'receivedAt', 'kind', 'price', 'size', 'side'] },
);
const levels = fc.array(fc.record({ price, size }, { noNullPrototype: true }), { maxLength: 60 });
const depth = fc.record(
  {
    ...times,
    sequenceId: micros,
    firstSequenceId: micros,
    isSnapshot: fc.boolean(),
    bids: levels,
    asks: levels,
  },
  { requiredKeys: ['timestamp', 'receivedAt', 'isSnapshot', 'bids', 'asks'] },
);

/** Of the source it came from, and the place of that in the list. */
function placed<Fields>(fields: fc.Arbitrary<Fields>): fc.Arbitrary<{ place: number; fields: Fields }[]> {
  return fc.array(fc.record({ place: source, fields }), { maxLength: 100, size: 'max' });
}

describe('events', () => {
  it('come out of columns as they went in: ticks', () => {
    fc.assert(
      fc.property(placed(tick), (rows) => {
        const events = rows.map(({ place, fields }): Tick => ({ type: 'tick', ...at(place), ...fields }));
        const writer = new TickColumnWriter(100);
        events.forEach((event, row) => writer.append(rows[row]?.place ?? 0, event));
        const batch = writer.take(sources);
        expect(batch.length).toBe(rows.length);
        expect(writer.length).toBe(0);
        expect([...eventsOf(batch)]).toEqual(events);
      }),
      { numRuns: 200, seed: 20_241_122 },
    );
  });

  it('come out of columns as they went in: books', () => {
    fc.assert(
      fc.property(placed(depth), (rows) => {
        const events = rows.map(({ place, fields }): Depth => ({ type: 'depth', ...at(place), ...fields }));
        const writer = new DepthColumnWriter(100);
        events.forEach((event, row) => writer.append(rows[row]?.place ?? 0, event));
        const batch = writer.take(sources);
        expect(batch.columns.bids.price).toHaveLength(events.reduce((sum, { bids }) => sum + bids.length, 0));
        expect([...eventsOf(batch)]).toEqual(events);
      }),
      { numRuns: 200, seed: 20_241_122 },
    );
  });

  it('of a batch that was taken do not change when the writer goes on', () => {
    const event: Tick = {
      type: 'tick',
      ...at(0),
      timestamp: 1,
      receivedAt: 1,
      kind: 'trade',
      price: 1,
      size: 1,
      side: 'BUY',
    };
    const book: Depth = {
      type: 'depth',
      ...at(1),
      timestamp: 1,
      receivedAt: 1,
      isSnapshot: true,
      bids: [{ price: 1, size: 1 }],
      asks: [],
    };
    const [ticks, books] = [new TickColumnWriter(2), new DepthColumnWriter(2)];
    ticks.append(0, event);
    books.append(1, book);
    const batches = [ticks.take(sources), books.take(sources)];
    ticks.append(1, { ...event, price: 2 });
    books.append(0, { ...book, bids: [{ price: 2, size: 2 }] });
    expect(batches.flatMap((batch) => [...eventsOf(batch)])).toEqual([event, book]);
  });

  it('of a book deeper than the first allocation are all there', () => {
    const many = Array.from({ length: 5_000 }, (_, level) => ({ price: level, size: level + 1 }));
    const event: Depth = {
      type: 'depth',
      ...at(1),
      timestamp: 1,
      receivedAt: 1,
      isSnapshot: true,
      bids: many,
      asks: many.slice(1),
    };
    const writer = new DepthColumnWriter(1);
    writer.append(1, event);
    expect([...eventsOf(writer.take(sources))]).toEqual([event]);
  });

  it('that are rows of a batch already come as they are', () => {
    const frame = { venue: 'FAKE', receivedAt: 1, reason: 'bad', frame: Uint8Array.of(1) };
    expect([...eventsOf({ type: 'quarantine', length: 1, rows: [frame] })]).toEqual([frame]);
  });

  it('are not invented for a batch that says it is longer than it is', () => {
    const batch = new TickColumnWriter(1).take(sources);
    expect(() => [...eventsOf({ ...batch, length: 1 })]).toThrow('row 0 is not in the batch');
  });
});

function at(place: number): Source {
  const found = sources[place];
  if (found === undefined) throw new Error('no such source');
  return found;
}
