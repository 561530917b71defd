import { describe, expect, it } from '@jest/globals';
import { BoundedLog } from './bounded-log.js';

function logOf(capacity: number, count: number): BoundedLog<number> {
  const log = new BoundedLog<number>(capacity);
  for (let entry = 0; entry < count; entry += 1) log.push(entry * 10);
  return log;
}

describe('BoundedLog', () => {
  it('forgets the oldest entries past its capacity', () => {
    const log = logOf(4, 6);
    expect(log.length).toBe(4);
    expect(log.slice(0, 4)).toEqual([20, 30, 40, 50]);
    expect(log.at(0)).toBe(20);
  });

  it('finds the first entry that is not below a value, before and after it wrapped around', () => {
    for (const log of [logOf(8, 6), logOf(4, 6)]) {
      const first = log.at(0) ?? NaN;
      const found = (value: number) => log.at(log.firstAtLeast(value, (entry) => entry));
      expect(found(30)).toBe(30);
      expect(found(31)).toBe(40);
      expect(found(-1)).toBe(first);
      expect(log.firstAtLeast(51, (entry) => entry)).toBe(log.length);
    }
  });

  it('gives nothing outside its bounds', () => {
    expect(logOf(4, 2).slice(-5, 99)).toEqual([0, 10]);
    expect(new BoundedLog<number>(4).slice(0, 4)).toEqual([]);
  });
});
