import { describe, expect, it } from '@jest/globals';
import { isForexHour } from './market-week.js';
import { isTradingDay, newYorkDays } from './new-york-days.js';

const hour = (text: string): boolean => isForexHour(Date.parse(text) * 1000);
const day = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return isTradingDay({ year, month, day });
};

describe('the forex week', () => {
  it.each([
    ['2024-10-04T20:00Z', true],
    ['2024-10-04T21:00Z', false],
    ['2024-10-05T12:00Z', false],
    ['2024-10-06T21:00Z', false],
    ['2024-10-06T22:00Z', true],
    ['2024-10-09T03:30Z', true],
    ['2024-12-25T12:00Z', false],
    ['2024-12-24T19:00Z', false],
    ['2024-12-24T10:00Z', true],
    ['2025-01-01T12:00Z', false],
  ])('has %s: %p', (text, isOpen) => {
    expect(hour(text)).toBe(isOpen);
  });
});

describe('the days of New York', () => {
  it.each([
    ['2024-01-01', false],
    ['2024-01-02', true],
    ['2024-03-29', false],
    ['2024-06-19', false],
    ['2021-12-31', true],
    ['2022-06-20', false],
    ['2025-01-09', false],
    ['2012-10-29', false],
    ['2024-12-31', true],
    ['2024-01-06', false],
  ])('trade on %s: %p', (text, trades) => {
    expect(day(text)).toBe(trades);
  });

  it('of 2024 that trade are 252', () => {
    const [from, to] = [Date.UTC(2024, 0, 1, 5) * 1000, Date.UTC(2025, 0, 1, 5) * 1000];
    const days = [...newYorkDays(from, to)];
    expect(days).toHaveLength(366);
    expect(days.filter(isTradingDay)).toHaveLength(252);
  });
});
