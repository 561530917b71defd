import { describe, expect, it } from '@jest/globals';
import { instrumentOf } from './instrument.js';

describe('instrumentOf', () => {
  it.each([
    ['BTCUSDT', 'BTC', 'USDT'],
    ['ethbtc', 'ETH', 'BTC'],
    ['1000SATSFDUSD', '1000SATS', 'FDUSD'],
    ['BTCUSD', 'BTC', 'USD'],
  ])('splits %s', (name, baseAsset, quoteAsset) => {
    expect(instrumentOf(name)).toMatchObject({ symbol: name.toUpperCase(), baseAsset, quoteAsset });
  });

  it('refuses a name it cannot split, and says what to give instead', () => {
    expect(() => instrumentOf('FOOBAR')).toThrow(/cannot tell base and quote of "FOOBAR": give \{ symbol,/);
  });

  it('takes a whole instrument as it is', () => {
    const instrument = {
      symbol: 'FOOBAR',
      baseAsset: 'FOO',
      quoteAsset: 'BAR',
      price: 3,
      tickSize: '0.01',
      stepSize: '1',
    };
    expect(instrumentOf(instrument)).toBe(instrument);
  });
});
