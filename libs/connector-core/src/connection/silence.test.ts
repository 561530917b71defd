import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Silence } from './silence.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  jest.useRealTimers();
});

/** Our clock, microseconds. */
const now = (): number => Date.now() * 1000;
const afterSeconds = (seconds: number): number => (1_000 + seconds) * 1_000_000;

describe('silence', () => {
  it('lasts from the last check at which something had come', () => {
    const silence = new Silence(now());
    jest.advanceTimersByTime(1_000);
    expect(silence.check(now())).toBe(1_000);
    silence.heard();
    jest.advanceTimersByTime(1_000);
    expect(silence.check(now())).toBe(0);
    jest.advanceTimersByTime(3_000);
    expect(silence.check(now())).toBe(3_000);
  });

  it('knows a time at which the venue was alive that is never too late', () => {
    const silence = new Silence(now());
    expect(silence.aliveAt).toBe(afterSeconds(0));
    for (let second = 1; second <= 3; second++) {
      silence.heard();
      jest.advanceTimersByTime(1_000);
      silence.check(now());
    }
    // It was heard between the second and the third second, so it was alive at the second one for certain.
    expect(silence.aliveAt).toBe(afterSeconds(2));
    jest.advanceTimersByTime(60_000);
    silence.check(now());
    expect(silence.aliveAt).toBe(afterSeconds(2));
  });

  it('does not count while we do not listen', () => {
    const silence = new Silence(now());
    silence.listen(false, now());
    jest.advanceTimersByTime(60_000);
    expect(silence.check(now())).toBe(0);
    silence.listen(true, now());
    jest.advanceTimersByTime(1_000);
    expect(silence.check(now())).toBe(1_000);
  });

  it('does not take what had waited while we did not listen for a sign of life of now', () => {
    const silence = new Silence(now());
    silence.listen(false, now());
    jest.advanceTimersByTime(60_000);
    silence.listen(true, now());
    silence.heard();
    expect(silence.deafSince).toBe(afterSeconds(0));
    jest.advanceTimersByTime(1_000);
    silence.check(now());
    expect(silence.aliveAt).toBe(afterSeconds(0));
    expect(silence.deafSince).toBe(afterSeconds(0));
    jest.advanceTimersByTime(1_000);
    silence.check(now());
    expect(silence.deafSince).toBeUndefined();
  });
});
