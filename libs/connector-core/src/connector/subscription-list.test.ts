import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscription } from '../session/subscription.js';
import { subscriptionOf } from '../testing/fake-venue/subscription-of.js';
import type { FakeStream } from '../testing/fake-venue/venue.js';
import { SubscriptionList } from './subscription-list.js';

let list: SubscriptionList;

beforeEach(() => {
  list = new SubscriptionList();
});

function add(venueSymbol: string, stream: FakeStream = 'trade'): Subscription {
  const { source, rule } = subscriptionOf(stream, venueSymbol);
  return list.add(source, rule, 1_000);
}

describe('the list of subscriptions', () => {
  it('has each source once', () => {
    const [one, other] = [add('AAA'), add('AAA', 'quote')];
    expect(add('AAA')).toBe(one);
    expect([...list]).toEqual([one, other]);
    expect(list.sources).toEqual([one.source, other.source]);
    expect([one.index, other.index]).toEqual([0, 1]);
    expect(one.lastReceivedAt).toBe(1_000);
  });

  it('begins anew what was removed, or refused, at its old place in the list of sources', () => {
    const one = add('AAA');
    add('BBB');
    list.remove(one);
    expect(list.has(one)).toBe(false);
    const again = add('AAA');
    expect(again).not.toBe(one);
    expect(again.index).toBe(0);
    again.state = 'rejected';
    expect(add('AAA')).toMatchObject({ state: 'pending', index: 0 });
    expect(list.sources).toHaveLength(2);
  });

  it('gives a source another place when the venue calls it differently now', () => {
    const one = add('AAA');
    list.remove(one);
    const renamed = list.add({ ...one.source, symbol: 'AAA/EUR' }, one.rule, 0);
    expect(renamed.index).toBe(1);
    expect(list.sources.map(({ symbol }) => symbol)).toEqual(['AAA/USD', 'AAA/EUR']);
  });

  it('keeps the counts of what was removed, once', () => {
    const [one, other, third] = [add('AAA'), add('BBB'), add('BBB', 'quote')];
    Object.assign(one, { events: 5, duplicates: 1, gaps: 2 });
    Object.assign(other, { events: 7 });
    for (const subscription of [one, other, third, one]) list.remove(subscription);
    expect(list.left).toEqual([
      { stream: 'trade', assetClass: 'CRYPTO', events: 12, duplicates: 1, gaps: 2, healed: 0 },
      { stream: 'quote', assetClass: 'CRYPTO', events: 0, duplicates: 0, gaps: 0, healed: 0 },
    ]);
  });

  it('finds symbols by either of their names in letters of any case', () => {
    const [one, other] = [add('AAA'), add('BBB')];
    add('CCC');
    expect(list.named([' aaa ', 'bbb/USD', 'none'])).toEqual([one, other]);
  });
});
