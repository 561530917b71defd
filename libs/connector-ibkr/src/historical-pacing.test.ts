import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HistoricalPacing, type HistoricalRequest } from './historical-pacing.js';

/** A clock that stands still but for waits. */
function clock() {
  const state = {
    time: 0,
    now: () => state.time,
    wait: (ms: number) => Promise.resolve(void (state.time += ms)),
  };
  return state;
}

function request(more: Partial<HistoricalRequest> = {}): HistoricalRequest {
  return {
    contract: 'AAPL SMART TRADES',
    key: String(Math.random()),
    isSmall: true,
    isBidAsk: false,
    ...more,
  };
}

describe('the pacing of history', () => {
  it('keeps every rule of the venue, whatever is asked in whatever order', async () => {
    const asked = fc.record({
      contract: fc.constantFrom('A', 'B', 'C'),
      key: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
      isSmall: fc.boolean(),
      isBidAsk: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 150 }), async (requests) => {
        const time = clock();
        const pacing = new HistoricalPacing(time);
        const made: (HistoricalRequest & { at: number })[] = [];
        for (const each of requests) {
          const done = await pacing.take(each);
          made.push({ ...each, at: time.time });
          done();
        }
        const small = made.filter(({ isSmall }) => isSmall);
        for (const { at, key, contract } of small) {
          const within = (ms: number) => small.filter((other) => other.at > at - ms && other.at <= at);
          expect(within(15_000).filter((other) => other.key === key)).toHaveLength(1);
          expect(within(2_000).filter((other) => other.contract === contract).length).toBeLessThan(6);
          const weight = within(600_000).reduce((sum, { isBidAsk }) => sum + (isBidAsk ? 2 : 1), 0);
          expect(weight).toBeLessThanOrEqual(60);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('lets large bars through at once', async () => {
    const time = clock();
    const pacing = new HistoricalPacing(time);
    for (let count = 0; count < 40; count++) (await pacing.take(request({ isSmall: false, key: 'same' })))();
    expect(time.time).toBe(0);
  });

  it('has no more than fifty open at a time', async () => {
    const time = clock();
    const pacing = new HistoricalPacing(time);
    const dones: (() => void)[] = [];
    for (let count = 0; count < 50; count++) dones.push(await pacing.take(request({ isSmall: false })));
    expect(pacing.waitMs(request({ isSmall: false }))).toBeGreaterThan(0);
    dones[0]?.();
    dones[0]?.();
    expect(pacing.waitMs(request({ isSmall: false }))).toBe(0);
    await pacing.take(request({ isSmall: false }));
    expect(pacing.waitMs(request({ isSmall: false }))).toBeGreaterThan(0);
  });
});
