import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscription } from '../session/subscription.js';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import { checkStaleness } from './staleness.js';

const SECOND = 1_000_000;
let trade: Subscription;
let said: string[];

beforeEach(() => {
  trade = subscriptionOf('trade');
  trade.state = 'live';
  trade.lastReceivedAt = 100 * SECOND;
  said = [];
});

/** The rule of the fake venue is a minute. */
function check(seconds: number, readingSince = 0): void {
  checkStaleness([trade], seconds * SECOND, readingSince * SECOND, (status) => {
    said.push(status.type === 'stale' ? `stale ${status.silentForMs}` : status.type);
  });
}

describe('staleness', () => {
  it('is said once when a live stream is silent for longer than its rule allows', () => {
    for (const second of [159, 160, 161, 200]) check(second);
    expect(said).toEqual(['stale 61000']);
    expect(trade.isStale).toBe(true);
  });

  it('is over when the stream speaks', () => {
    check(161);
    trade.lastReceivedAt = 162 * SECOND;
    check(163);
    check(164);
    expect(said).toEqual(['stale 61000', 'recovered']);
  });

  it('is no matter of a stream that is not live', () => {
    for (const state of ['pending', 'lost', 'rejected'] as const) {
      trade.state = state;
      check(500);
    }
    expect(said).toEqual([]);
  });

  it('is not over because the connection is lost, or made again: nothing has been said yet', () => {
    check(161);
    trade.state = 'lost';
    check(170);
    trade.state = 'live';
    trade.liveSince = 180 * SECOND;
    check(181);
    expect(said).toEqual(['stale 61000']);
  });

  it('counts from when the venue agreed, and from when we read', () => {
    trade.liveSince = 300 * SECOND;
    check(359);
    check(400, 350);
    expect(said).toEqual([]);
    check(411, 350);
    expect(said).toEqual(['stale 61000']);
  });
});
