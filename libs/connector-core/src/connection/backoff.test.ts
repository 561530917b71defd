import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backoff } from './backoff.js';

const LIVE = { minMs: 1_000, maxMs: 60_000 };

describe('backoff', () => {
  it('doubles up to the longest wait', () => {
    const backoff = new Backoff({ ...LIVE, random: () => 1 });
    const waits = Array.from({ length: 8 }, () => backoff.next());
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(backoff.tries).toBe(8);
  });

  it('spreads the waits over half of the step, the first one too', () => {
    const backoff = new Backoff({ ...LIVE, random: () => 0 });
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([1_000, 2_000, 4_000]);
  });

  it('begins anew when the venue is well again', () => {
    const backoff = new Backoff({ ...LIVE, random: () => 0 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.tries).toBe(0);
    expect(backoff.next()).toBe(1_000);
  });

  it('is never shorter than the shortest wait nor longer than the longest, however often it fails', () => {
    const options = fc.record({
      minMs: fc.integer({ min: 1, max: 10_000 }),
      more: fc.integer({ min: 0, max: 100_000 }),
    });
    const randoms = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 2_000 });
    fc.assert(
      fc.property(options, randoms, ({ minMs, more }, values) => {
        let at = 0;
        const backoff = new Backoff({ minMs, maxMs: minMs + more, random: () => values[at++] ?? 0 });
        for (let i = 0; i < values.length; i++) {
          const wait = backoff.next();
          expect(wait).toBeGreaterThanOrEqual(minMs);
          expect(wait).toBeLessThanOrEqual(minMs + more);
        }
      }),
      { numRuns: 30, seed: 20_241_122 },
    );
  });
});
