import { describe, expect, it } from '@jest/globals';
import { parseRfc3339 } from '@autotrader/schemas';
import { barSpanAt, KLINE_INTERVALS } from './kline-interval.js';

/** A Sunday. */
const TIME = parseRfc3339('2026-11-22T22:05:01.123456Z');

describe('barSpanAt', () => {
  it.each([
    ['1s', '2026-11-22T22:05:01Z', '2026-11-22T22:05:02Z'],
    ['1m', '2026-11-22T22:05:00Z', '2026-11-22T22:06:00Z'],
    ['15m', '2026-11-22T22:00:00Z', '2026-11-22T22:15:00Z'],
    ['4h', '2026-11-22T20:00:00Z', '2026-11-23T00:00:00Z'],
    ['1d', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['1w', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['1M', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
  ])('cuts time into bars of %s in UTC', (interval, open, end) => {
    expect(barSpanAt(interval, TIME)).toEqual({ openTime: parseRfc3339(open), endTime: parseRfc3339(end) });
  });

  it('knows the sixteen intervals of the venue, and each bar holds its moment', () => {
    expect(KLINE_INTERVALS).toHaveLength(16);
    for (const interval of KLINE_INTERVALS) {
      const { openTime, endTime } = barSpanAt(interval, TIME);
      expect(openTime <= TIME && TIME < endTime).toBe(true);
      expect(barSpanAt(interval, openTime).openTime).toBe(openTime);
      expect(barSpanAt(interval, endTime).openTime).toBe(endTime);
    }
  });
});
