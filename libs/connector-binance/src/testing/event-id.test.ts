import { describe, expect, it } from '@jest/globals';
import { eventIdOf, streamKind, symbolOfStream } from './event-id.js';

describe('eventIdOf', () => {
  it.each([
    ['btcusdt@trade', '{"e":"trade","E":1,"s":"BTCUSDT","t":5312345678,"p":"1"}', 5_312_345_678],
    ['btcusdt@aggTrade', '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","a":3812,"p":"1"}}', 3812],
    ['btcusdt@bookTicker', '{"u":76543210987,"s":"BTCUSDT"}', 76_543_210_987],
    ['btcusdt@depth20@100ms', '{"lastUpdateId":76543210990,"bids":[]}', 76_543_210_990],
    ['btcusdt@depth@100ms', '{"e":"depthUpdate","U":981,"u":990,"b":[]}', 990],
    ['btcusdt@depth', '{"e":"depthUpdate","U":981,"u":991,"b":[]}', 991],
    ['btcusdt@kline_1m', '{"e":"kline","k":{"t":1795361400000,"T":1}}', 1_795_361_400_000_000],
    ['btcusdt@kline_1m', '{"e":"kline","k":{"t":1795361400000000,"T":1}}', 1_795_361_400_000_000],
    ['btcusdt@trade', '{"t":"not a number"}', undefined],
    ['btcusdt@trade', 'garbage', undefined],
    ['btcusdt@miniTicker', '{"t":1}', undefined],
  ])('reads the id of %s in %s', (stream, text, id) => {
    expect(eventIdOf(streamKind(stream), text)).toBe(id);
  });

  it('finds the symbol in a stream name', () => {
    expect(symbolOfStream('btcusdt@depth20@100ms')).toBe('BTCUSDT');
  });
});
