import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ConnectorError,
  RateLimitedError,
  RejectedError,
  TransportError,
} from '@autotrader/connector-core';
import { exchangeInfoOf2021, HAS_RECORDINGS } from './fixtures/recordings.js';
import { RestServer } from './fixtures/rest-server.js';
import { resolveSymbols } from './symbols.js';

const LISTED = [
  { symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT' },
  { symbol: 'BTCUSDC', baseAsset: 'BTC', quoteAsset: 'USDC' },
  { symbol: 'ETHUSDT', baseAsset: 'ETH', quoteAsset: 'USDT' },
  { symbol: '1000SATSUSDT', baseAsset: '1000SATS', quoteAsset: 'USDT' },
  { symbol: '币安人生USDT', baseAsset: '币安人生', quoteAsset: 'USDT' },
].map((symbol) => ({ ...symbol, status: 'TRADING', filters: [] }));
const BTC = { symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', assetClass: 'CRYPTO' };
const ETH = { symbol: 'ETH/USDT', venueSymbol: 'ETHUSDT', assetClass: 'CRYPTO' };
const WHOLE_LIST = '/api/v3/exchangeInfo';
const itRecorded = HAS_RECORDINGS ? it : it.skip;

let rest: RestServer;
const signal = new AbortController().signal;
const resolve = (...symbols: string[]) => resolveSymbols(rest.url, symbols, signal);

/** As the venue does: the symbols that are named, all when none is, and an error when one is unknown. */
function answerAsTheVenue(): void {
  rest.answer((response, path) => {
    const names = JSON.parse(/symbols=(.*)$/.exec(path)?.[1] ?? '[]') as string[];
    const isIllegal = names.some((name) => !/^[A-Z0-9-_.]{1,20}$/.test(name));
    const symbols = LISTED.filter(({ symbol }) => names.length === 0 || names.includes(symbol));
    if (isIllegal)
      response.writeHead(400).end('{"code":-1100,"msg":"Illegal characters found in parameter."}');
    else if (symbols.length < names.length)
      response.writeHead(400).end('{"code":-1121,"msg":"Invalid symbol."}');
    else response.end(JSON.stringify({ timezone: 'UTC', symbols }));
  });
}

async function errorOf(promise: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).not.toMatch(/\n/);
  return error as ConnectorError;
}

beforeEach(async () => {
  rest = await RestServer.open();
  answerAsTheVenue();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rest.close();
});

describe('symbols', () => {
  it('are looked up by name, in one request', async () => {
    expect(await resolve('BTCUSDT', 'ETHUSDT')).toEqual({ instruments: [BTC, ETH], rejected: [] });
    expect(rest.asked).toEqual([`${WHOLE_LIST}?symbols=["BTCUSDT","ETHUSDT"]`]);
  });

  it('are found by the canonical name, in small letters, and with spaces around them', async () => {
    const { instruments } = await resolve('btc/usdt', ' EthUsdt ');
    expect(instruments).toEqual([BTC, ETH]);
    expect(rest.asked).toEqual([WHOLE_LIST]);
  });

  it('are one instrument each, however often and by whichever names they are named', async () => {
    expect((await resolve('BTCUSDT', 'btcusdt', 'BTC/USDT')).instruments).toEqual([BTC]);
  });

  it('may have digits and letters that are not English', async () => {
    const { instruments } = await resolve('1000SATSUSDT', '币安人生USDT');
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['1000SATS/USDT', '币安人生/USDT']);
  });

  it('are looked up in the whole list when they are more than a hundred', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `A${index}USDT`);
    await resolve('BTCUSDT', ...many);
    expect(rest.asked).toEqual([WHOLE_LIST]);
  });

  it('that are unknown do not take the others down, and are told with the nearest names', async () => {
    const { instruments, rejected } = await resolve('BTCUSD', 'ETHUSDT', 'DOGEBITCOIN');
    expect(instruments).toEqual([ETH]);
    expect(rejected).toEqual([
      { symbol: 'BTCUSD', reason: 'Binance has no symbol BTCUSD: did you mean BTCUSDT or BTCUSDC?' },
      { symbol: 'DOGEBITCOIN', reason: 'Binance has no symbol DOGEBITCOIN' },
    ]);
    expect(rest.asked).toEqual([expect.stringContaining('DOGEBITCOIN'), WHOLE_LIST]);
  });

  it('that the venue refuses by name are found in its whole list', async () => {
    rest.answer((response, path) => {
      if (path === WHOLE_LIST) response.end(JSON.stringify({ symbols: LISTED }));
      else response.writeHead(400).end('{"code":-1100,"msg":"Illegal characters found in parameter."}');
    });
    expect((await resolve('BTCUSDT')).instruments).toEqual([BTC]);
    expect(rest.asked).toHaveLength(2);
  });

  it('that are written as other venues write them are told with the name at Binance alone', async () => {
    const { rejected } = await resolve('BTC-USDT');
    expect(rejected[0]?.reason).toBe('Binance has no symbol BTC-USDT: did you mean BTCUSDT?');
  });

  it('that are unknown are told with the nearest canonical names when they are written so', async () => {
    const { rejected } = await resolve('BTC/USTD');
    expect(rejected[0]?.reason).toBe('Binance has no symbol BTC/USTD: did you mean BTC/USDT or BTC/USDC?');
  });

  it.each([
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['an empty text', ''],
    ['a quote', '"'],
    ['a very long text', 'B'.repeat(100_000)],
  ])('that are none at all are unknown: %s', async (_, name) => {
    const { instruments, rejected } = await resolve(name, 'BTCUSDT');
    expect(instruments).toEqual([BTC]);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.reason.length).toBeLessThan(200);
  });

  it('that are not named at all are told so, without asking the venue', async () => {
    expect(await resolve()).toEqual({
      instruments: [],
      rejected: [{ symbol: '', reason: 'no symbol is named: name some, as in symbols: ["BTCUSDT"]' }],
    });
    expect(rest.asked).toEqual([]);
  });

  itRecorded('are read from a recorded exchangeInfo (../shared/recordings)', async () => {
    rest.answerWith(200, exchangeInfoOf2021());
    const { instruments } = await resolve('NKN/USDT', 'BLZETH', 'LRC/BTC', 'RUNEEUR');
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['NKN/USDT', 'BLZ/ETH', 'LRC/BTC', 'RUNE/EUR']);
  });
});

describe('a venue that asks for patience', () => {
  it.each([
    [429, '7', 7_000, /^Binance asks to wait 7 s \(HTTP 429 at http:\/\/127.0.0.1:[0-9]+\)$/],
    [418, '120', 120_000, /^Binance has banned this address for asking too much, for 120 s \(HTTP 418 at /],
    [429, undefined, 60_000, /wait 60 s/],
    [429, 'Wed, 21 Oct 2026 07:28:00 GMT', 60_000, /wait 60 s/],
    [429, '0', 0, /wait 0 s/],
    [418, '99999999999', 3 * 86_400_000, /for 259200 s/],
  ])('by HTTP %d and Retry-After %s is given it', async (status, retryAfter, retryAfterMs, message) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
    rest.answerWith(status, '', headers);
    const error = await errorOf(resolve('BTCUSDT'));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ retryAfterMs, retryable: true, venue: 'BINANCE' });
    expect(error.message).toMatch(message);
  });

  it('is quoted', async () => {
    rest.answerWith(429, { code: -1003, msg: 'Too much request weight used.' }, { 'Retry-After': '5' });
    const { message } = await errorOf(resolve('BTCUSDT'));
    expect(message).toBe(
      `Binance asks to wait 5 s (HTTP 429 at ${rest.url}): Too much request weight used. (code -1003)`,
    );
  });
});

describe('a venue that answers with an error', () => {
  it.each([
    [403, '<html>WAF</html>', /^the firewall of Binance refused this address \(HTTP 403 at http:[^ ]+\)$/],
    [
      451,
      '{"code":0,"msg":"restricted location"}',
      /^Binance does not serve this location; another host may .*451/,
    ],
    [500, '', /^Binance answered with an error \(HTTP 500 at http:[^ ]+\)$/],
    [503, '<html>', /^Binance answered with an error \(HTTP 503 /],
    [404, '{}', /^Binance answered with an error \(HTTP 404 /],
    [500, '{"code":-1000,"msg":"line\\none"}', /\(HTTP 500 at http:[^ ]+\): line one \(code -1000\)$/],
  ])('HTTP %d is told in one line and worth another try', async (status, body, message) => {
    rest.answerWith(status, body);
    const error = await errorOf(resolve('BTCUSDT'));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.message).toMatch(message);
  });

  it('HTTP 400 to the whole list is not tried again', async () => {
    rest.answerWith(400, { code: -1100, msg: 'Illegal characters found.' });
    const error = await errorOf(resolve('BTC/USDT'));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error.message).toMatch(
      /^Binance refused the request for its symbols \(HTTP 400 .*Illegal characters/,
    );
  });

  it.each([
    ['a page', '<!doctype html><title>Welcome</title>'],
    ['nothing', ''],
    ['other JSON', '{"symbols":[{"symbol":"BTCUSDT"}]}'],
    ['cut JSON', '{"symbols":[{"symbol":"BTC'],
  ])('that answers with %s in place of its symbols is named', async (_, body) => {
    rest.answerWith(200, body, { 'Content-Type': 'text/html' });
    const error = await errorOf(resolve('BTCUSDT'));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.message).toBe(
      `${rest.url} did not answer with Binance's list of symbols: is it the address of Binance's REST API?`,
    );
  });
});

describe('a venue that cannot be reached', () => {
  const unreachable = (code: string): string => `Binance cannot be reached at ${rest.url} (${code})`;

  it('because nobody listens is told by the code of the system', async () => {
    const { url } = rest;
    await rest.close();
    const error = await errorOf(resolveSymbols(url, ['BTCUSDT'], signal));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.message).toBe(`Binance cannot be reached at ${url} (ECONNREFUSED)`);
    rest = await RestServer.open();
  });

  it('because it does not answer is told after the wait', async () => {
    rest.answer(() => undefined);
    const error = await errorOf(resolveSymbols(rest.url, ['BTCUSDT'], signal, 50));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.message).toBe(unreachable('no answer in 0.05 s'));
  });

  it('because its answer does not end is told after the wait', async () => {
    rest.answer((response) => response.write('{"symbols":['));
    const { message } = await errorOf(resolveSymbols(rest.url, ['BTCUSDT'], signal, 50));
    expect(message).toBe(unreachable('no answer in 0.05 s'));
  });

  it('because it hangs up is told', async () => {
    rest.answer((_response, _path, request) => request.socket.destroy());
    const { message } = await errorOf(resolve('BTCUSDT'));
    expect(message).toBe(unreachable('UND_ERR_SOCKET'));
  });

  it('because it hangs up in the middle of its answer is told', async () => {
    rest.answer((response, _path, request) => response.write('{', () => request.socket.destroy()));
    const { message } = await errorOf(resolve('BTCUSDT'));
    expect(message).toBe(unreachable('UND_ERR_SOCKET'));
  });

  it.each([
    ['an unknown name', { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND api.binance.com' }, 'ENOTFOUND'],
    [
      'a failure at each address of the name',
      new AggregateError([{ code: 'ENETUNREACH' }, { code: 'ETIMEDOUT' }, { code: 'ETIMEDOUT' }]),
      'ENETUNREACH, ETIMEDOUT',
    ],
    [
      'an aggregate with nothing in it',
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    [
      'a cause without a code',
      new Error('unable to verify\nthe certificate'),
      'unable to verify the certificate',
    ],
    ['a cause in a cause', new Error('outer', { cause: { code: 'EPIPE' } }), 'EPIPE'],
    ['a text', 'why ever', 'why ever'],
  ])('because of %s is told by what fetch hides in its cause', async (_, cause, told) => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed', { cause }));
    const error = await errorOf(resolve('BTCUSDT'));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.message).toBe(unreachable(told));
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});

describe('a caller that has lost interest', () => {
  it.each(['before', 'while'])('is told so %s the venue is asked', async (when) => {
    const stopping = new AbortController();
    rest.answer(() => stopping.abort());
    if (when === 'before') stopping.abort();
    const error = await errorOf(resolveSymbols(rest.url, ['BTCUSDT'], stopping.signal));
    expect(error).toBeInstanceOf(TransportError);
    expect(error.message).toBe('stopped before Binance was reached');
    expect(rest.asked).toHaveLength(when === 'before' ? 0 : 1);
  });
});
