import { type Instrument, oneLine, RejectedError } from '@autotrader/connector-core';
import { WireTickers } from './protocol.js';
import type { Rest } from './rest.js';
import { VENUE } from './venue-name.js';

/** A stock's ticker, with its class or series behind a dot, or in small letters: `BRK.B`, `BCpA`. */
const STOCK = /^[A-Z][A-Za-z]{0,9}(\.[A-Z]{1,3})?$/;
const PAIR = /^[CX]:[A-Z0-9]+$/;
const INDEX = /^I:[A-Z0-9]+$/;

/**
 * The instrument of a ticker as the venue writes it: `AAPL`, `C:EURUSD`, `X:BTCUSD`, `I:SPX`. What a pair is made of is looked up,
 * never guessed.
 * @throws RejectedError for what is no ticker, or a pair the venue does not have.
 */
export async function instrumentOf(rest: Rest, symbol: string, signal: AbortSignal): Promise<Instrument> {
  const ticker = symbol.trim();
  if (STOCK.test(ticker)) return { symbol: ticker, venueSymbol: ticker, assetClass: 'EQUITY' };
  if (INDEX.test(ticker)) return { symbol: ticker.slice(2), venueSymbol: ticker, assetClass: 'INDEX' };
  if (PAIR.test(ticker)) return pair(rest, ticker, signal);
  throw new RejectedError(
    VENUE,
    `Polygon has no ticker ${oneLine(symbol)}: it writes AAPL, C:EURUSD (forex), X:BTCUSD (crypto), I:SPX (an index)`,
  );
}

async function pair(rest: Rest, ticker: string, signal: AbortSignal): Promise<Instrument> {
  const market = ticker.startsWith('C:') ? 'fx' : 'crypto';
  const query = new URLSearchParams({ ticker, market, active: 'true' });
  const { answer } = await rest.ask(`/v3/reference/tickers?${query.toString()}`, WireTickers, false, signal);
  const found = answer?.results?.find((each) => each.ticker === ticker);
  const { base_currency_symbol: base, currency_symbol: quote } = found ?? {};
  if (base === undefined || quote === undefined)
    throw new RejectedError(
      VENUE,
      `Polygon has no pair ${ticker}: look at its tickers of the market ${market}`,
    );
  return {
    symbol: `${base}/${quote}`,
    venueSymbol: ticker,
    assetClass: market === 'fx' ? 'FOREX' : 'CRYPTO',
  };
}
