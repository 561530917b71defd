import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from './clock.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Sets both of the system's clocks, in milliseconds. */
function set(monotonic: number, wall: number): void {
  jest.spyOn(performance, 'now').mockReturnValue(monotonic);
  jest.spyOn(Date, 'now').mockReturnValue(wall);
}

describe('the system clock', () => {
  it('tells whole microseconds since the epoch', () => {
    const before = Date.now() * 1000;
    const now = systemClock().now();
    expect(Number.isSafeInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(before - 3_000);
    expect(now).toBeLessThanOrEqual(Date.now() * 1000 + 3_000);
  });

  it('tells more than the milliseconds of the wall clock', () => {
    const clock = systemClock();
    set(10, 1_700_000_000_000);
    clock.now();
    set(10.25, 1_700_000_000_000);
    expect(clock.now()).toBe(1_700_000_000_000_250);
    expect(clock.stampFrame()).toBe(1_700_000_000_000_250);
  });

  it('does not follow the steps of a wall clock that ticks in milliseconds', () => {
    const clock = systemClock();
    set(10, 1_700_000_000_000);
    clock.now();
    set(11.9, 1_700_000_000_000);
    expect(clock.now()).toBe(1_700_000_000_001_900);
    set(12.1, 1_700_000_000_004);
    expect(clock.now()).toBe(1_700_000_000_002_100);
  });

  it.each([
    ['forward', 1_700_000_060_000],
    ['back', 1_699_999_940_000],
  ])('follows a wall clock that is set %s', (_, wall) => {
    const clock = systemClock();
    set(10, 1_700_000_000_000);
    clock.now();
    set(11, wall);
    expect(clock.now()).toBe(wall * 1000);
    set(11.5, wall);
    expect(clock.now()).toBe(wall * 1000 + 500);
  });
});
