import { describe, expect, it } from '@jest/globals';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import { hand } from '../testing/fake-venue/wire.js';
import type { EventOutlet } from './event-outlet.js';
import { HeldEvents } from './held-events.js';

const subscriptions = {
  trade: subscriptionOf('trade'),
  book: subscriptionOf('book'),
  bar: subscriptionOf('bar'),
} as const;

/** An outlet that notes what comes. */
function noting(notes: string[]): EventOutlet {
  return {
    tick: (_, tick) => notes.push(`tick ${tick.timestamp}`),
    depth: (_, depth) => notes.push(`depth ${depth.timestamp}`),
    bar: (_, bar) => notes.push(`bar ${bar.timestamp}`),
    quarantine: (reason) => notes.push(`quarantine ${reason}`),
    precisionLost: (_, text) => notes.push(`precision ${text}`),
    acknowledged: () => notes.push('acknowledged'),
    rejected: () => notes.push('rejected'),
    interrupted: () => notes.push('interrupted'),
    degraded: () => notes.push('degraded'),
    unanswered: () => notes.push('unanswered'),
  };
}

function send(held: HeldEvents, stream: keyof typeof subscriptions, timestamp: number): void {
  const rest = { send: () => undefined, rollOver: () => undefined, fail: () => undefined };
  const event = { name: `AAA.${stream}`, first: 1, last: 1, timestamp, price: 1 };
  hand({ ...held.outlet, ...rest }, subscriptions[stream], event, 0);
}

describe('held events', () => {
  it('follow in order when they are released, and later ones pass', () => {
    const notes: string[] = [];
    const held = new HeldEvents(noting(notes), () => undefined);
    send(held, 'trade', 1);
    send(held, 'book', 2);
    send(held, 'bar', 3);
    expect(notes).toEqual([]);
    held.release();
    expect(notes).toEqual(['tick 1', 'depth 2', 'bar 3']);
    send(held, 'trade', 4);
    held.release();
    expect(notes.slice(3)).toEqual(['tick 4']);
  });

  it('hold up neither an answer of the venue nor a bad frame', () => {
    const notes: string[] = [];
    const { outlet } = new HeldEvents(noting(notes), () => undefined);
    outlet.acknowledged([]);
    outlet.rejected([], 'no');
    outlet.interrupted([], 0, 'away');
    outlet.degraded(subscriptions.trade, 'delayed');
    outlet.unanswered([]);
    outlet.quarantine('bad', new Uint8Array(), 0);
    outlet.precisionLost(subscriptions.trade, '1.1');
    expect(notes).toEqual([
      'acknowledged',
      'rejected',
      'interrupted',
      'degraded',
      'unanswered',
      'quarantine bad',
      'precision 1.1',
    ]);
  });

  it('are not kept without end: past a hundred thousand somebody is told, who lets them go', () => {
    const notes: string[] = [];
    const held: HeldEvents = new HeldEvents(noting(notes), () => held.release());
    for (let i = 1; i < 100_000; i++) send(held, 'trade', i);
    expect(notes).toHaveLength(0);
    send(held, 'trade', 100_000);
    send(held, 'trade', 100_001);
    expect(notes).toHaveLength(100_001);
  });
});
