import { RejectedError } from '@autotrader/connector-core';
import { AssetClass } from '@autotrader/schemas';
import { describe, expect, it } from '@jest/globals';
import { instrumentOf, instruments } from './instruments.js';

const CURRENCIES = new Set(
  'AED AUD CAD CHF CNH CZK DKK EUR GBP HKD HUF ILS JPY MXN NOK NZD PLN RON SAR SEK SGD THB TRY USD ZAR'.split(
    ' ',
  ),
);

describe('the instruments', () => {
  it('are all of the venue, each with names of its own, a class, a divisor and a beginning', () => {
    const all = instruments();
    expect(all).toHaveLength(1_607);
    expect(new Set(all.map(({ symbol }) => symbol)).size).toBe(1_607);
    for (const { venueSymbol, name, symbol, assetClass, divisor, begins } of all) {
      expect(AssetClass.options).toContain(assetClass);
      expect([10, 100, 1_000, 10_000, 100_000, 1_000_000]).toContain(divisor);
      for (const each of [venueSymbol, name, symbol])
        expect(instrumentOf(each).venueSymbol).toBe(venueSymbol);
      for (const time of Object.values(begins)) expect(time).toBeGreaterThanOrEqual(0);
      if (assetClass === 'FOREX') expect(name.split('/').every((side) => CURRENCIES.has(side))).toBe(true);
    }
  });

  it.each([
    ['EURUSD', 'EUR/USD', 'FOREX', 100_000],
    ['eur/usd', 'EUR/USD', 'FOREX', 100_000],
    ['USDJPY', 'USD/JPY', 'FOREX', 1_000],
    ['AUDCNH', 'AUD/CNH', 'FOREX', 1_000_000],
    ['XAUUSD', 'XAU/USD', 'COMMODITY', 1_000],
    ['BTCUSD', 'BTC/USD', 'CRYPTO', 10],
    ['AAPLUSUSD', 'AAPL', 'EQUITY', 1_000],
    ['AAPL', 'AAPL', 'EQUITY', 1_000],
    ['USA500IDXUSD', 'USA500.IDX/USD', 'INDEX', 1_000],
    ['LIGHTCMDUSD', 'LIGHT.CMD/USD', 'COMMODITY', 1_000],
    ['BUNDTREUR', 'BUND.TR/EUR', 'INDEX', 1_000],
  ])('know %s as %s', (name, symbol, assetClass, divisor) => {
    expect(instrumentOf(name)).toMatchObject({ symbol, assetClass, divisor });
  });

  it('that the venue does not have are refused, with the nearest names', () => {
    expect(() => instrumentOf('EURUSX')).toThrow(
      new RejectedError('DUKASCOPY', 'Dukascopy has no instrument EURUSX: did you mean EURUSD?'),
    );
    expect(() => instrumentOf('no such thing\n')).toThrow(
      /^Dukascopy has no instrument no such thing[^\n]*$/,
    );
  });
});
