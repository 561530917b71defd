import { Subscription } from '../../session/subscription.js';
import { FAKE_STREAMS, type FakeStream } from './venue.js';

/** A subscription of the fake venue that no connection carries. */
export function subscriptionOf(stream: FakeStream, venueSymbol = 'AAA', index = 0): Subscription {
  const names = {
    venue: 'FAKE',
    symbol: `${venueSymbol}/USD`,
    venueSymbol,
    assetClass: 'CRYPTO',
    stream,
  } as const;
  return new Subscription(index, names, FAKE_STREAMS[stream], 0);
}
