import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Gap, Tick } from '@autotrader/schemas';
import fc from 'fast-check';
import { BatchBuffer } from '../batch/batch-buffer.js';
import { Emitter } from '../connector/emitter.js';
import type { ConnectorEvents } from '../connector/events.js';
import { LatencyHistogram } from '../metrics/latency-histogram.js';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import type { FakeStream } from '../testing/fake-venue/venue.js';
import { Intake } from './intake.js';
import type { Subscription } from './subscription.js';

let emitter: Emitter<ConnectorEvents>;
let latency: LatencyHistogram;
let intake: Intake;
let delivered: (number | undefined)[];
let gaps: Gap[];
let now: number;

beforeEach(() => {
  emitter = new Emitter();
  latency = new LatencyHistogram();
  intake = new Intake('FAKE', emitter, latency, undefined);
  delivered = [];
  gaps = [];
  now = 1_000_000;
  emitter.on('tick', ({ sequenceId }) => delivered.push(sequenceId));
  emitter.on('depth', ({ firstSequenceId, sequenceId }) => {
    for (let id = firstSequenceId ?? 0; id <= (sequenceId ?? 0); id++) delivered.push(id);
  });
  emitter.on('bar', ({ timestamp }) => delivered.push(timestamp));
  emitter.on('gap', (gap) => gaps.push(gap));
});

/** Takes in a tick; its time is its id where nothing is said. */
function tick(subscription: Subscription, id: number | undefined, timestamp = id ?? 0): void {
  const sequence = id === undefined ? {} : { sequenceId: id };
  const trade = { kind: 'trade', price: 1, size: 1, side: 'BUY' } as const;
  const event: Tick = {
    type: 'tick',
    ...subscription.source,
    timestamp,
    receivedAt: ++now,
    ...sequence,
    ...trade,
  };
  intake.tick(subscription, event);
}

function depth(subscription: Subscription, first: number, last: number, timestamp: number): void {
  const ids = { firstSequenceId: first, sequenceId: last };
  const levels = { isSnapshot: false, bids: [], asks: [] };
  intake.depth(subscription, {
    type: 'depth',
    ...subscription.source,
    timestamp,
    receivedAt: ++now,
    ...ids,
    ...levels,
  });
}

function bar(subscription: Subscription, timestamp: number): void {
  const prices = { open: 1, high: 1, low: 1, close: 1, volume: 1 };
  const rest = { interval: '1m', priceType: 'trade', openTime: 0, isClosed: false, ...prices } as const;
  intake.bar(subscription, { type: 'bar', ...subscription.source, timestamp, receivedAt: ++now, ...rest });
}

/** The ids that are missing by the gap rows: a later row of the same hole replaces an earlier one. */
function missing(): number[] {
  const rows = new Map(gaps.map((gap) => [`${gap.fromSequence} ${gap.fromTime}`, gap]));
  return [...rows.values()]
    .filter(({ healedAt }) => healedAt === undefined)
    .flatMap(({ fromSequence = 0, toSequence = 0 }) => range(fromSequence, toSequence))
    .sort((a, b) => a - b);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** One event of a stream, and what becomes of it on its way. */
const fate = fc.record({
  span: fc.integer({ min: 1, max: 4 }),
  isDropped: fc.boolean(),
  late: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 12 }) },
  ),
  again: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 2 }),
  timeStep: fc.integer({ min: -20, max: 20 }),
});

type Fate = typeof fate extends fc.Arbitrary<infer Value> ? Value : never;

/** The events as they arrive: each `late` places later than it was sent, and once more for every `again`. */
function arrivals(fates: readonly Fate[], ranges: boolean): { first: number; last: number; time: number }[] {
  let id = 0;
  const sent = fates.map(({ span, isDropped, late, again, timeStep }, place) => {
    const first = id + 1;
    id += ranges ? span : 1;
    const event = { first, last: id, time: 1_000 + place * 10 + timeStep };
    if (place === 0) return [{ at: 0, event }];
    return isDropped ? [] : [0, ...again].map((more) => ({ at: place + late + more, event }));
  });
  return sent
    .flat()
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

describe('a stream with contiguous ids', () => {
  it.each(['trade', 'book'] as const)(
    'is delivered once each, and what never came is exactly what the gap rows say: %s',
    (stream) => {
      fc.assert(
        fc.property(fc.array(fate, { minLength: 1, maxLength: 80 }), (fates) => {
          delivered = [];
          gaps = [];
          const subscription = subscriptionOf(stream);
          const came = arrivals(fates, stream === 'book');
          for (const { first, last, time } of came) {
            if (stream === 'book') depth(subscription, first, last, time);
            else tick(subscription, first, time);
          }
          const ids = new Set(came.flatMap(({ first, last }) => range(first, last)));
          expect([...delivered].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([...ids].sort((a, b) => a - b));
          const never = range(1, Math.max(...ids)).filter((id) => !ids.has(id));
          expect(missing()).toEqual(never);
          expect(subscription.events).toBe(new Set(came).size);
          expect(subscription.duplicates).toBe(came.length - new Set(came).size);
          for (const { fromTime, toTime } of gaps) expect(fromTime).toBeLessThanOrEqual(toTime);
        }),
        { numRuns: 500, seed: 20_241_122 },
      );
    },
  );

  it('has a gap of the cause SEQUENCE when ids are jumped over while it is connected', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    tick(trade, 5);
    expect(gaps).toMatchObject([
      { cause: 'SEQUENCE', fromSequence: 2, toSequence: 4, fromTime: 1, toTime: 5 },
    ]);
    expect(trade.gaps).toBe(1);
  });

  it('has a gap of the cause DISCONNECT when they are jumped over after it was away, though only once', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    trade.lostAt = now;
    tick(trade, 5);
    tick(trade, 7);
    expect(gaps.map(({ cause }) => cause)).toEqual(['DISCONNECT', 'SEQUENCE']);
  });

  it('was still away when all that comes is old', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    tick(trade, 3);
    trade.lostAt = now;
    tick(trade, 1);
    tick(trade, 2);
    tick(trade, 9);
    expect(gaps.at(-1)).toMatchObject({ cause: 'DISCONNECT', fromSequence: 4, toSequence: 8 });
  });

  it('keeps the cause of a gap for what is left of it', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    trade.lostAt = now;
    tick(trade, 9);
    tick(trade, 5);
    expect(gaps.map(({ cause }) => cause)).toEqual(['DISCONNECT', 'DISCONNECT', 'DISCONNECT', 'DISCONNECT']);
  });

  it('states later rows of a gap never before earlier ones, though frames be older', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    now = 9_000_000;
    tick(trade, 3);
    now = 5_000_000;
    tick(trade, 2);
    const [open, healed] = gaps;
    expect(healed).toMatchObject({ fromSequence: 2, healedAt: 5_000_001 });
    expect(healed?.receivedAt).toBe(open?.receivedAt);
  });

  it('says when ids begin anew, since what lies between cannot be known', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 100, 1_000);
    tick(trade, 1, 2_000_000);
    tick(trade, 2, 2_000_001);
    expect(delivered).toEqual([100, 1, 2]);
    expect(gaps).toMatchObject([{ cause: 'SEQUENCE_RESET', fromTime: 1_000, toTime: 2_000_000 }]);
    expect(gaps[0]).not.toHaveProperty('fromSequence');
  });

  it('passes what comes without an id', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    tick(trade, undefined, 5);
    tick(trade, 2);
    expect(delivered).toEqual([1, undefined, 2]);
    expect(gaps).toEqual([]);
  });
});

describe('a stream without contiguous ids', () => {
  it.each(['quote', 'bar'] as const)(
    'has its time away as a gap when the venue agrees again: %s',
    (stream) => {
      const subscription = subscriptionOf(stream);
      subscription.lostAt = 500;
      subscription.state = 'live';
      subscription.liveSince = 900;
      intake.closeAbsence(subscription, 950);
      intake.closeAbsence(subscription, 960);
      expect(gaps).toMatchObject([{ cause: 'DISCONNECT', fromTime: 500, toTime: 900, receivedAt: 950 }]);
    },
  );

  it('has it until now when the venue has not agreed again', () => {
    const quote = subscriptionOf('quote');
    quote.lostAt = 500;
    quote.state = 'lost';
    intake.closeAbsence(quote, 950);
    expect(gaps).toMatchObject([{ fromTime: 500, toTime: 950 }]);
  });

  it('passes everything as it comes', () => {
    const quote = subscriptionOf('quote');
    for (const id of [5, 5, 3, 9]) tick(quote, id);
    const bars = subscriptionOf('bar');
    for (const time of [7, 7, 6]) bar(bars, time);
    expect(delivered).toEqual([5, 5, 3, 9, 7, 7, 6]);
    expect([quote.duplicates, bars.duplicates, gaps.length]).toEqual([0, 0, 0]);
  });

  it('is told apart by the id, or else by the time, where two connections send the same', () => {
    const quote = subscriptionOf('quote');
    const bars = subscriptionOf('bar');
    for (const subscription of [quote, bars]) subscription.overlap = 'both';
    for (const id of [5, 6, 5, 6, 7]) tick(quote, id, 1);
    for (const time of [105, 106, 105, 106, 107]) bar(bars, time);
    expect(delivered).toEqual([5, 6, 7, 105, 106, 107]);
    expect([quote.duplicates, bars.duplicates]).toEqual([2, 2]);
  });

  it('is still told apart when the old connection is gone, until the new one has said more', () => {
    const quote = subscriptionOf('quote');
    const bars = subscriptionOf('bar');
    for (const id of [5, 6]) tick(quote, id, 1);
    for (const time of [105, 106]) bar(bars, time);
    for (const subscription of [quote, bars]) subscription.overlap = 'ending';
    for (const id of [5, 6, 7, 6]) tick(quote, id, 1);
    for (const time of [105, 106, 107, 106]) bar(bars, time);
    expect(delivered).toEqual([5, 6, 105, 106, 7, 6, 107, 106]);
    expect([quote.overlap, bars.overlap]).toEqual(['none', 'none']);
  });

  it('is not mistaken for what the old connection sent when it comes long after that is gone', () => {
    const quote = subscriptionOf('quote');
    tick(quote, 900, 1);
    quote.overlap = 'ending';
    quote.overlapEndedAt = now - 10_000_001;
    for (const id of [1, 2]) tick(quote, id, 1);
    expect(delivered).toEqual([900, 1, 2]);
  });

  it('is told apart by a time that always grows, rollover or not', () => {
    const price = subscriptionOf('price');
    for (const time of [105, 106, 105, 106, 107]) tick(price, undefined, time);
    expect(delivered).toEqual([undefined, undefined, undefined]);
    expect(price.duplicates).toBe(2);
  });
});

describe('the intake', () => {
  it.each([
    ['trade', 1],
    ['quote', 1],
  ] as const)(
    'counts events, remembers when the last one came, and its time: %s',
    (stream: FakeStream, id) => {
      const subscription = subscriptionOf(stream);
      tick(subscription, id, 900);
      tick(subscription, id + 1, 800);
      expect(subscription).toMatchObject({ events: 2, lastReceivedAt: now, lastTimestamp: 900 });
    },
  );

  it('observes latencies, except where our receive time stands in for a time of the venue', () => {
    const trade = subscriptionOf('trade');
    tick(trade, 1, now + 1 - 2_000);
    tick(trade, 2, now + 1);
    expect([...latency.counts].reduce((sum, count) => sum + count)).toBe(1);
    expect(latency.sum).toBeCloseTo(0.002, 9);
  });

  it('gives the buffer what the callbacks get, once there is one', () => {
    const sources = [subscriptionOf('trade').source];
    const buffer = new BatchBuffer(sources, {
      bufferSize: 100,
      flushIntervalMs: 60_000,
      onPressure: () => undefined,
    });
    const trade = subscriptionOf('trade');
    tick(trade, 1);
    intake.buffer = buffer;
    tick(trade, 2);
    tick(trade, 2);
    tick(trade, 4);
    depth(subscriptionOf('book'), 1, 1, 1);
    bar(subscriptionOf('bar'), 1);
    intake.quarantine('bad', Uint8Array.of(1), now);
    // Two ticks, one gap, one book, one bar and one frame.
    expect(buffer.rows).toBe(6);
    buffer.close();
  });

  it('keeps a copy of a bad frame, not a view of what the socket read', () => {
    const frame = Buffer.from('xxbadxx').subarray(2, 5);
    const errors: Uint8Array[] = [];
    emitter.on('error', (error) => errors.push((error as unknown as { frame: Uint8Array }).frame));
    intake.quarantine('bad', frame, now);
    frame.fill(0);
    expect(Buffer.from(errors[0] ?? []).toString()).toBe('bad');
    expect(errors[0]?.buffer.byteLength).toBe(3);
    expect(intake.quarantined).toBe(1);
  });

  it('says once a stream that a number lost digits, and counts each', () => {
    const said: string[] = [];
    emitter.on('status', (status) => said.push(status.type));
    const trade = subscriptionOf('trade');
    intake.precisionLost(trade, '1.2345678901234567');
    intake.precisionLost(trade, '1.2345678901234567');
    intake.precisionLost(subscriptionOf('trade', 'BBB'), '1.2345678901234567');
    expect(said).toEqual(['precision_loss', 'precision_loss']);
    expect(intake.precisionLosses).toBe(3);
  });
});

describe('a stream that was recorded in an earlier life of the process', () => {
  it('states the ids it missed since as a gap, by their ids where they are contiguous', () => {
    const trade = subscriptionOf('trade');
    trade.resume({ sequenceId: 100, timestamp: 100, receivedAt: 500 });
    tick(trade, 104);
    expect(delivered).toEqual([104]);
    expect(gaps).toMatchObject([{ cause: 'DISCONNECT', fromSequence: 101, toSequence: 103, fromTime: 100 }]);
  });

  it('states nothing when nothing was missed', () => {
    const trade = subscriptionOf('trade');
    trade.resume({ sequenceId: 100, timestamp: 100, receivedAt: 500 });
    tick(trade, 101);
    trade.state = 'live';
    intake.closeAbsence(trade, now);
    expect(gaps).toEqual([]);
  });

  it('states the time between as a gap where ids say nothing', () => {
    const quote = subscriptionOf('quote');
    quote.resume({ sequenceId: 100, timestamp: 100, receivedAt: 500 });
    quote.state = 'live';
    quote.liveSince = 900;
    intake.closeAbsence(quote, now);
    tick(quote, 104);
    expect(gaps).toMatchObject([{ cause: 'DISCONNECT', fromTime: 500, toTime: 900 }]);
    expect(delivered).toEqual([104]);
  });

  it('drops what was recorded before', () => {
    const trade = subscriptionOf('trade');
    trade.resume({ sequenceId: 100, timestamp: 100, receivedAt: 500 });
    tick(trade, 100);
    expect(delivered).toEqual([]);
    expect(trade.duplicates).toBe(1);
  });
});
