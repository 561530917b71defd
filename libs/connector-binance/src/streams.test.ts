import { describe, expect, it } from '@jest/globals';
import { FRAME_STREAMS, FRAMES } from './fixtures/frames.js';
import {
  BINANCE_STREAMS,
  KLINE_INTERVALS,
  klineInterval,
  STREAM_RULES,
  streamOfWire,
  wireName,
} from './streams.js';

describe('streams', () => {
  it.each([
    ['trade', 'btcusdt@trade'],
    ['aggTrade', 'btcusdt@aggTrade'],
    ['bookTicker', 'btcusdt@bookTicker'],
    ['depth20', 'btcusdt@depth20@100ms'],
    ['depth', 'btcusdt@depth@100ms'],
    ['kline', 'btcusdt@kline_1m'],
    ['kline_1s', 'btcusdt@kline_1s'],
    ['kline_1M', 'btcusdt@kline_1M'],
  ])('%s has the name %s at the venue', (stream, name) => {
    expect(wireName('BTCUSDT', stream)).toBe(name);
  });

  it.each([
    ['1000SATSUSDT', '1000satsusdt@trade'],
    ['币安人生USDT', '币安人生usdt@trade'],
    ['ÄÖÜUSDT', 'äöüusdt@trade'],
  ])('the symbol %s is lower-case in it', (symbol, name) => {
    expect(wireName(symbol, 'trade')).toBe(name);
  });

  it('are found again by their names at the venue', () => {
    for (const stream of BINANCE_STREAMS) expect(streamOfWire(wireName('', stream).slice(1))).toBe(stream);
  });

  it.each(['depth', 'depth20', 'kline', 'kline_2m', 'ticker', '', '__proto__', 'constructor', 'trade@100ms'])(
    'no stream is found by %s',
    (suffix) => {
      expect(streamOfWire(suffix)).toBeUndefined();
    },
  );

  it('are one for every length of a bar, a minute being kline alone', () => {
    const intervals = BINANCE_STREAMS.map(klineInterval).filter((interval) => interval !== undefined);
    expect(intervals).toEqual(KLINE_INTERVALS);
    expect(klineInterval('kline')).toBe('1m');
    expect(BINANCE_STREAMS).not.toContain('kline_1m');
  });

  it('follow the ids where every id counts one: trades, aggregates and diffs', () => {
    const contiguous = BINANCE_STREAMS.filter((stream) => STREAM_RULES[stream].sequence === 'contiguous');
    expect(contiguous).toEqual(['trade', 'aggTrade', 'depth']);
  });

  it('have the names that the frames of the tests have', () => {
    for (const stream of FRAME_STREAMS)
      expect(JSON.parse(FRAMES[stream]).stream).toBe(wireName('BTCUSDT', stream));
  });
});
