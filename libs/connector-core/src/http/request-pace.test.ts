import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RequestPace } from './request-pace.js';

/** A pace on a clock that only waiting moves. */
function pace(most: number, withinMs: number) {
  let time = 0;
  const wait = (ms: number): Promise<void> => {
    time += ms;
    return Promise.resolve();
  };
  return { pace: new RequestPace({ most, withinMs, now: () => time, wait }), now: () => time, wait };
}

const { signal } = new AbortController();

describe('the pace of requests', () => {
  it('lets no span of time have more of them than it may, and wastes none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 40 }),
        async (most, withinMs, pauses) => {
          const { pace: tested, now, wait } = pace(most, withinMs);
          const times: number[] = [];
          for (const pause of pauses) {
            await wait(pause);
            const askedAt = now();
            await tested.take(signal);
            const free = (times.at(-most) ?? -Infinity) + withinMs;
            expect(now()).toBe(Math.max(askedAt, free));
            times.push(now());
          }
        },
      ),
    );
  });

  it('serves those who ask at once in their order', async () => {
    const { pace: tested, now } = pace(1, 500);
    const served: number[] = [];
    await Promise.all([1, 2, 3].map((caller) => tested.take(signal).then(() => served.push(caller))));
    expect([served, now()]).toEqual([[1, 2, 3], 1_000]);
  });

  it('asks nobody while the host wants patience', async () => {
    const { pace: tested, now } = pace(10, 1_000);
    tested.hold(60_000);
    tested.hold(1_000);
    await tested.take(signal);
    expect(now()).toBe(60_000);
  });

  it('gives up waiting when it is told to, and goes on with the next', async () => {
    const stopping = new AbortController();
    const tested = new RequestPace({ most: 1, withinMs: 3_600_000 });
    await tested.take(signal);
    const waiting = tested.take(stopping.signal);
    const next = tested.take(stopping.signal);
    stopping.abort(new Error('stop'));
    const reasons = (await Promise.allSettled([waiting, next])).map((each) => each.status);
    expect(reasons).toEqual(['rejected', 'rejected']);
  });

  it('tells how long requests take', () => {
    const free = new RequestPace({ most: 5, withinMs: 60_000 });
    expect([0, 1, 5, 6, 11].map((count) => free.secondsFor(count))).toEqual([0, 0, 0, 60, 120]);
  });

  it('that allows nothing is refused', () => {
    expect(() => new RequestPace({ most: 0, withinMs: 1 })).toThrow(RangeError);
    expect(() => new RequestPace({ most: 1, withinMs: -1 })).toThrow('1 in -1 ms');
  });
});
