import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { SendQueue } from './send-queue.js';

interface Sent {
  readonly message: string;
  readonly at: number;
}

let sent: Sent[] = [];
const transmit = (message: string): void => void sent.push({ message, at: performance.now() });

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
});

afterEach(() => {
  jest.useRealTimers();
});

/** The most messages that were sent within any second. */
function busiestSecond(): number {
  return Math.max(
    0,
    ...sent.map(({ at }) => sent.filter((other) => other.at >= at && other.at < at + 1_000).length),
  );
}

describe('the send queue', () => {
  it('sends at once what the venue allows, and the rest when it allows it, in order', () => {
    const queue = new SendQueue(5, transmit);
    queue.open();
    for (let i = 0; i < 12; i++) queue.push(`${i}`);
    expect(sent).toHaveLength(5);
    expect(queue.isWaiting).toBe(true);
    jest.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(5);
    jest.advanceTimersByTime(100);
    expect(sent).toHaveLength(10);
    jest.advanceTimersByTime(1_100);
    expect(sent.map(({ message }) => message)).toEqual(Array.from({ length: 12 }, (_, i) => `${i}`));
    expect(queue.isWaiting).toBe(false);
  });

  it('never sends more than the venue allows in any second, loses nothing and keeps the order', () => {
    const steps = fc.array(fc.record({ messages: fc.nat(8), waitMs: fc.nat(900) }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (perSecond, moments) => {
        sent = [];
        const queue = new SendQueue(perSecond, transmit);
        queue.open();
        let pushed = 0;
        for (const { messages, waitMs } of moments) {
          for (let i = 0; i < messages; i++) queue.push(`${pushed++}`);
          jest.advanceTimersByTime(waitMs);
        }
        jest.advanceTimersByTime(1_100 * Math.ceil(pushed / perSecond));
        expect(sent.map(({ message }) => Number(message))).toEqual(
          Array.from({ length: pushed }, (_, i) => i),
        );
        expect(busiestSecond()).toBeLessThanOrEqual(perSecond);
        expect(jest.getTimerCount()).toBe(0);
      }),
      { numRuns: 60, seed: 20_241_122 },
    );
  });

  it('keeps what it is given before the connection is open', () => {
    const queue = new SendQueue(5, transmit);
    queue.push('early');
    expect(sent).toEqual([]);
    queue.open();
    expect(sent.map(({ message }) => message)).toEqual(['early']);
  });

  it('forgets everything when it is closed, takes nothing more and leaves no timer', () => {
    const queue = new SendQueue(1, transmit);
    queue.open();
    queue.push('first');
    queue.push('never');
    queue.close();
    queue.push('neither');
    expect(queue.isWaiting).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(10_000);
    expect(sent.map(({ message }) => message)).toEqual(['first']);
  });
});
