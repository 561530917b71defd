import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import { Acknowledgements } from './acknowledgements.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const [a, b] = [subscriptionOf('trade', 'AAA'), subscriptionOf('trade', 'BBB')];

describe('acknowledgements', () => {
  it('are complete when everything that was asked for is given or not wanted any more', () => {
    const acknowledgements = new Acknowledgements(100, () => undefined);
    expect(acknowledgements.isComplete).toBe(true);
    acknowledgements.expect([a, b]);
    expect(acknowledgements.awaited).toEqual([a, b]);
    acknowledgements.give([a]);
    expect([acknowledgements.isComplete, acknowledgements.has(a), acknowledgements.has(b)]).toEqual([
      false,
      true,
      false,
    ]);
    acknowledgements.forget([b]);
    expect(acknowledgements.isComplete).toBe(true);
    acknowledgements.forget([a]);
    expect(acknowledgements.has(a)).toBe(false);
  });

  it('are overdue when nothing was asked or given for too long', () => {
    const overdue = jest.fn();
    const acknowledgements = new Acknowledgements(100, overdue);
    acknowledgements.expect([a, b]);
    acknowledgements.wait();
    jest.advanceTimersByTime(90);
    acknowledgements.give([a]);
    jest.advanceTimersByTime(90);
    expect(overdue).not.toHaveBeenCalled();
    jest.advanceTimersByTime(10);
    expect(overdue).toHaveBeenCalledTimes(1);
  });

  it('leave no timer when they are complete, or closed', () => {
    const acknowledgements = new Acknowledgements(100, () => undefined);
    acknowledgements.expect([a, b]);
    acknowledgements.wait();
    acknowledgements.give([a, b]);
    expect(jest.getTimerCount()).toBe(0);
    acknowledgements.expect([b]);
    acknowledgements.close();
    acknowledgements.wait();
    acknowledgements.give([a]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
