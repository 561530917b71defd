import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Gap, OHLCV, Tick } from '@autotrader/schemas';
import fc from 'fast-check';
import type { QuarantinedFrame } from '../quarantine.js';
import { gapOf } from '../session/gaps.js';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import type { Batch } from './batch.js';
import { BatchBuffer } from './batch-buffer.js';
import { eventsOf } from './events.js';

const { source } = subscriptionOf('trade');
let pressed: boolean[];

beforeEach(() => {
  jest.useFakeTimers();
  pressed = [];
});

afterEach(() => {
  jest.useRealTimers();
});

function bufferOf(bufferSize: number, flushIntervalMs = 1_000): BatchBuffer {
  return new BatchBuffer([source], { bufferSize, flushIntervalMs, onPressure: (is) => pressed.push(is) });
}

/** Each is known by its receive time. */
function tick(receivedAt: number): Tick {
  const trade = { kind: 'trade', price: 1, size: 1, side: 'BUY' } as const;
  return { type: 'tick', ...source, timestamp: 1, receivedAt, ...trade };
}

function gap(receivedAt: number): Gap {
  return gapOf(source, { fromTime: 1, toTime: 2, cause: 'DISCONNECT' }, receivedAt);
}

function bar(receivedAt: number): OHLCV {
  const prices = { open: 1, high: 1, low: 1, close: 1, volume: 1 };
  const rest = { interval: '1m', priceType: 'trade', openTime: 0, isClosed: true, ...prices } as const;
  return { type: 'bar', ...source, timestamp: 1, receivedAt, ...rest };
}

function frame(receivedAt: number, bytes = 1): QuarantinedFrame {
  return { venue: 'FAKE', receivedAt, reason: 'bad', frame: new Uint8Array(bytes) };
}

function fill(buffer: BatchBuffer, rows: number, from = 0): void {
  for (let i = from; i < from + rows; i++) buffer.tick(0, tick(i));
}

/** What can be taken at once. */
async function drain(batches: AsyncGenerator<Batch, void, undefined>, count: number): Promise<Batch[]> {
  const taken: Batch[] = [];
  while (taken.length < count) {
    const { value } = await batches.next();
    if (value === undefined) break;
    taken.push(value);
  }
  return taken;
}

describe('the batch buffer', () => {
  it('seals a batch when it is full', async () => {
    const buffer = bufferOf(3);
    fill(buffer, 7);
    expect(buffer.rows).toBe(7);
    expect((await drain(buffer.batches(), 2)).map(({ length }) => length)).toEqual([3, 3]);
    expect(buffer.rows).toBe(1);
  });

  it('counts rows of every type for one batch, and seals one batch a type', async () => {
    const buffer = bufferOf(5);
    buffer.tick(0, tick(1));
    buffer.depth(0, { ...tick(2), type: 'depth', isSnapshot: true, bids: [], asks: [] });
    buffer.bar(bar(3));
    buffer.gap(gap(4));
    buffer.quarantine(frame(5));
    const batches = await drain(buffer.batches(), 5);
    expect(batches.map(({ type, length }) => `${type} ${length}`)).toEqual([
      'gap 1',
      'tick 1',
      'depth 1',
      'bar 1',
      'quarantine 1',
    ]);
  });

  it('seals what has waited for the flush interval, counted from the first row', async () => {
    const buffer = bufferOf(100, 1_000);
    const next = buffer.batches().next();
    fill(buffer, 1);
    jest.advanceTimersByTime(999);
    fill(buffer, 1);
    expect(buffer.rows).toBe(2);
    jest.advanceTimersByTime(1);
    expect((await next).value?.length).toBe(2);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives a consumer that is behind a fuller batch, not more of them', async () => {
    const buffer = bufferOf(10, 1_000);
    const batches = buffer.batches();
    fill(buffer, 1);
    jest.advanceTimersByTime(1_000);
    for (let second = 0; second < 6; second++) {
      fill(buffer, 1);
      jest.advanceTimersByTime(1_000);
    }
    expect(pressed).toEqual([]);
    expect((await drain(batches, 2)).map(({ length }) => length)).toEqual([1, 6]);
    expect(buffer.rows).toBe(0);
  });

  it('presses when more than four full batches wait, and lets go when two are left', async () => {
    const buffer = bufferOf(2);
    const batches = buffer.batches();
    fill(buffer, 8);
    expect(pressed).toEqual([]);
    fill(buffer, 2);
    expect(pressed).toEqual([true]);
    await drain(batches, 2);
    expect(pressed).toEqual([true]);
    await drain(batches, 1);
    expect(pressed).toEqual([true, false]);
    expect(buffer.rows).toBe(4);
  });

  it('keeps what still comes after it has pressed', async () => {
    const buffer = bufferOf(2);
    fill(buffer, 100);
    buffer.close();
    expect((await drain(buffer.batches(), 50)).flatMap((batch) => [...eventsOf(batch)])).toHaveLength(100);
  });

  it('takes eight megabytes of bad frames for a full batch, so that they press too', () => {
    const buffer = bufferOf(1_000_000);
    const megabytes = 1024 * 1024;
    for (let i = 0; i < 4; i++) buffer.quarantine(frame(i, 9 * megabytes));
    for (let i = 4; i < 11; i++) buffer.quarantine(frame(i, megabytes));
    expect(pressed).toEqual([]);
    buffer.quarantine(frame(11, megabytes));
    expect(pressed).toEqual([true]);
  });

  it('gives everything and then the end when it is closed, and leaves no timer', async () => {
    const buffer = bufferOf(2, 60_000);
    fill(buffer, 3);
    buffer.close();
    expect(jest.getTimerCount()).toBe(0);
    const lengths = [];
    for await (const batch of buffer.batches()) lengths.push(batch.length);
    expect(lengths).toEqual([2, 1]);
  });

  it('wakes a consumer that waits when it is closed', async () => {
    const buffer = bufferOf(2);
    const waiting = [buffer.batches().next(), buffer.batches().next()];
    buffer.close();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('goes on for the next consumer where the last one left', async () => {
    const buffer = bufferOf(1);
    fill(buffer, 3);
    for await (const batch of buffer.batches()) {
      expect(batch.length).toBe(1);
      break;
    }
    expect(await drain(buffer.batches(), 2)).toHaveLength(2);
  });

  it('gives a batch the sources there were when it was sealed', async () => {
    const sources = [source];
    const buffer = new BatchBuffer(sources, {
      bufferSize: 1,
      flushIntervalMs: 1,
      onPressure: () => undefined,
    });
    fill(buffer, 1);
    sources.push(subscriptionOf('trade', 'BBB').source);
    fill(buffer, 1);
    const batches = await drain(buffer.batches(), 2);
    expect(batches.map((batch) => ('sources' in batch ? batch.sources.length : 0))).toEqual([1, 2]);
  });

  it('loses nothing, doubles nothing and keeps the order, however rows, time and the consumer take turns', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constantFrom('tick', 'gap', 'bar', 'frame', 'big frame') }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('take') }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('time'), ms: fc.nat(1_500) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.array(step, { maxLength: 150 }),
        async (size, steps) => {
          pressed = [];
          const buffer = bufferOf(size);
          const batches = buffer.batches();
          const taken: Batch[] = [];
          let rows = 0;
          for (const one of steps) {
            if (one.do === 'tick') buffer.tick(0, tick(++rows));
            else if (one.do === 'gap') buffer.gap(gap(++rows));
            else if (one.do === 'bar') buffer.bar(bar(++rows));
            else if (one.do === 'frame') buffer.quarantine(frame(++rows));
            else if (one.do === 'big frame') buffer.quarantine(frame(++rows, 8 * 1024 * 1024));
            else if ('ms' in one) jest.advanceTimersByTime(one.ms);
            else if (buffer.rows > 0 && pressed.at(-1) === true) taken.push(...(await drain(batches, 1)));
          }
          buffer.close();
          for await (const batch of batches) taken.push(batch);
          expect(pressed.at(-1) ?? false).toBe(false);
          pressed.forEach((isPressed, index) => expect(isPressed).toBe(index % 2 === 0));
          for (const type of ['tick', 'gap', 'bar', 'quarantine']) {
            const events = taken
              .filter((batch) => batch.type === type)
              .flatMap((batch) => [...eventsOf(batch)]);
            const ids = events.map(({ receivedAt }) => receivedAt);
            expect(ids).toEqual([...ids].sort((a, b) => a - b));
          }
          const all = taken.flatMap((batch) => [...eventsOf(batch)]).map(({ receivedAt }) => receivedAt);
          expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
          for (const { length } of taken) expect(length).toBeLessThanOrEqual(size);
          expect(jest.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 100, seed: 20_241_122 },
    );
  });
});
