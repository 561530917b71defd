import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateText, newYorkDate, newYorkMidnight } from './new-york.js';

const DAY = 86_400_000;

describe('days of New York', () => {
  it('begin at 05:00 UTC, and at 04:00 in summer', () => {
    const iso = (year: number, month: number, day: number) =>
      new Date(newYorkMidnight({ year, month, day }) / 1000).toISOString();
    expect(iso(2024, 1, 2)).toBe('2024-01-02T05:00:00.000Z');
    expect(iso(2024, 7, 4)).toBe('2024-07-04T04:00:00.000Z');
    expect(iso(2024, 12, 32)).toBe('2025-01-01T05:00:00.000Z');
  });

  it.each([
    ['2024-03-10', 23],
    ['2024-11-03', 25],
    ['2005-04-03', 23],
  ])('of which %s has %d hours', (date, hours) => {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    const length = newYorkMidnight({ year, month, day: day + 1 }) - newYorkMidnight({ year, month, day });
    expect(length / 3_600_000_000).toBe(hours);
  });

  it('are the dates of their moments, from the first to the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 25_000 }), (days) => {
        const date = new Date(Date.UTC(1970, 0, 2) + days * DAY);
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        const begins = newYorkMidnight({ year, month, day });
        expect(newYorkDate(begins)).toEqual({ year, month, day });
        expect(newYorkDate(newYorkMidnight({ year, month, day: day + 1 }) - 1_000)).toEqual({
          year,
          month,
          day,
        });
        expect(dateText({ year, month, day })).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });
});
