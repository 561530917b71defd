import { describe, expect, it } from '@jest/globals';
import { Gap } from '@autotrader/schemas';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import { gapOf, partsOf } from './gaps.js';

const { source } = subscriptionOf('trade');
const hole = { from: 5, to: 9, fromTime: 100, toTime: 200, cause: 'DISCONNECT' } as const;

describe('gap events', () => {
  it('say what is missing, of which stream, since when and why', () => {
    const gap = gapOf(source, hole, 300);
    expect(gap).toEqual({
      type: 'gap',
      ...source,
      timestamp: 200,
      receivedAt: 300,
      fromSequence: 5,
      toSequence: 9,
      fromTime: 100,
      toTime: 200,
      cause: 'DISCONNECT',
    });
    expect(Gap.parse(gap)).toEqual(gap);
  });

  it('have no ids where the venue has none, and the time they healed where they did', () => {
    const gap = gapOf(source, { fromTime: 100, toTime: 200, cause: 'DISCONNECT', healedAt: 250 }, 300);
    expect(Gap.parse(gap)).toEqual(gap);
    expect(gap).not.toHaveProperty('fromSequence');
    expect(gap).toMatchObject({ healedAt: 250 });
  });
});

describe('the parts of a hole', () => {
  it.each([
    [5, 9, ['5-9 healed']],
    [1, 20, ['5-9 healed']],
    [7, 7, ['5-6', '7-7 healed', '8-9']],
    [4, 6, ['5-6 healed', '7-9']],
    [8, 12, ['5-7', '8-9 healed']],
  ] as const)('once %d to %d arrived', (first, last, parts) => {
    const found = partsOf(hole, first, last);
    expect(found.map(({ from, to, isMissing }) => `${from}-${to}${isMissing ? '' : ' healed'}`)).toEqual(
      parts,
    );
    for (const part of found) expect(part).toMatchObject({ fromTime: 100, toTime: 200, cause: 'DISCONNECT' });
  });
});
