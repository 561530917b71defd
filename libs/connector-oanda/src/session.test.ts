import { describe, expect, it } from '@jest/globals';
import { parseRfc3339 } from '@autotrader/schemas';
import { OutletLog } from './fixtures/outlet-log.js';
import { HAS_RECORDING, recordedStream } from './fixtures/recording.js';
import { subscriptionTo } from './fixtures/subscription.js';
import { MOST_LINE_BYTES, OandaSession } from './session.js';

const RECEIVED_AT = 1_795_385_101_200_000;
const PRICE = {
  type: 'PRICE',
  instrument: 'EUR_USD',
  time: '2026-11-22T22:05:01.123456789Z',
  status: 'tradeable',
  tradeable: true,
  bids: [
    { price: '1.05230', liquidity: 2_000_000 },
    { price: '1.05231', liquidity: 1_000_000 },
  ],
  asks: [
    { price: '1.05247', liquidity: 2_000_000 },
    { price: '1.05245', liquidity: 1_000_000 },
  ],
  closeoutBid: '1.05230',
  closeoutAsk: '1.05247',
};

function session(...instruments: string[]): { session: OandaSession; log: OutletLog } {
  const log = new OutletLog();
  const opened = new OandaSession(log);
  opened.subscribe(instruments.map(subscriptionTo));
  return { session: opened, log };
}

/** What becomes of one line. */
function received(line: object | string): OutletLog {
  const { session: opened, log } = session('EUR_USD');
  opened.receive(Buffer.from(typeof line === 'string' ? line : JSON.stringify(line)), RECEIVED_AT);
  return log;
}

describe('a price', () => {
  it('is a quote of the best bid and ask of the ladders, whatever their order, at the time of the venue', () => {
    expect(received(PRICE).ticks).toEqual([
      {
        ...{ type: 'tick', venue: 'OANDA', symbol: 'EUR/USD', venueSymbol: 'EUR_USD', assetClass: 'FOREX' },
        ...{ stream: 'price', timestamp: 1_795_385_101_123_456, receivedAt: RECEIVED_AT, kind: 'quote' },
        ...{ price: 1.05238, size: 0, side: 'UNKNOWN' },
        ...{ bid: 1.05231, bidSize: 1_000_000, ask: 1.05245, askSize: 1_000_000 },
      },
    ]);
  });

  it('may tell its time in seconds since the epoch', () => {
    expect(received({ ...PRICE, time: '1795385101.123456789' }).ticks[0]?.timestamp).toBe(
      1_795_385_101_123_456,
    );
    expect(received({ ...PRICE, time: '1795385101.5' }).ticks[0]?.timestamp).toBe(1_795_385_101_500_000);
  });

  it('adds up what there is at the best price', () => {
    const bids = [...PRICE.bids, { price: '1.052310', liquidity: 500_000 }];
    expect(received({ ...PRICE, bids }).ticks[0]).toMatchObject({ bid: 1.05231, bidSize: 1_500_000 });
  });

  it.each([{ tradeable: false }, { tradeable: undefined, status: 'non-tradeable' }, { status: 'invalid' }])(
    'that nobody can trade at is indicative: %p',
    (more) => {
      expect(received({ ...PRICE, ...more }).ticks[0]?.condition).toBe('INDICATIVE');
    },
  );

  it('of one side is indicative, and has no other', () => {
    const [tick] = received({ ...PRICE, asks: [] }).ticks;
    expect(tick).toMatchObject({ price: 1.05231, bid: 1.05231, condition: 'INDICATIVE' });
    expect(tick).not.toHaveProperty('ask');
    expect(received({ ...PRICE, bids: [] }).ticks[0]).toMatchObject({ price: 1.05245, ask: 1.05245 });
  });

  it('with more digits than a double keeps is counted', () => {
    const bids = [{ price: '1.0523123456789012', liquidity: 1 }];
    expect(received({ ...PRICE, bids }).lostPrecision).toEqual(['1.0523123456789012']);
  });

  it.each([
    ['{"type":"PRICE"', 'not JSON'],
    ['', 'not JSON'],
    ['[]', 'Invalid input: expected object, received array'],
    [{ ...PRICE, bids: [], asks: [] }, 'neither bid nor ask'],
    [{ ...PRICE, instrument: 'USD_JPY' }, 'not subscribed: USD_JPY'],
    [{ ...PRICE, surprise: 1 }, 'Unrecognized key: "surprise"'],
    [{ ...PRICE, time: 'now' }, 'time: not a time'],
    [{ ...PRICE, time: '2026-02-30T00:00:00Z' }, 'time: not a time'],
    [{ ...PRICE, bids: [{ price: '1e5', liquidity: 1 }] }, 'bids.0.price: not a decimal'],
    [{ ...PRICE, bids: [{ price: '1.5', liquidity: -1 }] }, /^bids.0.liquidity: /],
    [{ type: 'HEARTBEAT', time: 'x' }, 'time: not a time'],
    ['{"type":"HEARTBEAT","type":"HEARTBEAT","time":"2026-11-22T22:05:05Z"}', 'a name twice in one object'],
  ])('that is none goes to quarantine as it came: %p', (line, reason) => {
    const log = received(line);
    expect(log.ticks).toEqual([]);
    expect(log.quarantined).toHaveLength(1);
    if (typeof reason === 'string') expect(log.quarantined[0]?.reason).toBe(reason);
    else expect(log.quarantined[0]?.reason).toMatch(reason);
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    expect(Buffer.from(log.quarantined[0]?.frame ?? []).toString()).toBe(text);
    expect(log.acknowledgements).toEqual([]);
  });

  it('longer than a megabyte is told by its length', () => {
    const [kept] = received('x'.repeat(MOST_LINE_BYTES + 1)).quarantined;
    expect(kept?.reason).toBe('longer than any line of the venue: its first 1048576 bytes');
  });
});

describe('the session', () => {
  it('takes the first line for the agreement to all instruments', () => {
    const { session: opened, log } = session('EUR_USD', 'USD_JPY');
    opened.receive(Buffer.from('{"type":"HEARTBEAT","time":"2026-11-22T22:05:05.000000000Z"}'), RECEIVED_AT);
    opened.receive(Buffer.from(JSON.stringify(PRICE)), RECEIVED_AT);
    expect(log.acknowledgements.map((each) => each.map(({ source }) => source.venueSymbol))).toEqual([
      ['EUR_USD', 'USD_JPY'],
    ]);
  });

  it('does not take prices of what was left off for errors', () => {
    const { session: opened, log } = session('EUR_USD');
    opened.unsubscribe([...(log.acknowledgements[0] ?? []), subscriptionTo('EUR_USD')]);
    opened.receive(Buffer.from(JSON.stringify(PRICE)), RECEIVED_AT);
    expect([log.ticks, log.quarantined]).toEqual([[], []]);
  });
});

(HAS_RECORDING ? describe : describe.skip)('the recorded stream (needs ../shared/recordings)', () => {
  it('gives each price with its time, best prices, liquidity and mid', () => {
    const { session: opened, log } = session('EUR_USD', 'EUR_JPY');
    for (const message of recordedStream()) opened.receive(Buffer.from(JSON.stringify(message)), RECEIVED_AT);
    expect(log.quarantined).toEqual([]);
    const seen = log.ticks.map(({ venueSymbol, timestamp, price, bid, bidSize, ask, askSize }) =>
      [venueSymbol, timestamp, price, bid, bidSize, ask, askSize].join(' '),
    );
    const at = (text: string): number => parseRfc3339(text);
    expect(seen).toEqual([
      `EUR_JPY ${at('2016-10-27T08:38:43.094548Z')} 114.3035 114.295 1000000 114.312 1000000`,
      `EUR_USD ${at('2016-10-27T08:38:45.664613Z')} 1.091825 1.09177 10000000 1.09188 10000000`,
      `EUR_JPY ${at('2016-10-27T08:38:45.681572Z')} 114.3065 114.298 1000000 114.315 1000000`,
    ]);
  });
});
