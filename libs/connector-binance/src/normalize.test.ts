import { describe, expect, it } from '@jest/globals';
import { MarketEvent } from '@autotrader/schemas';
import { FRAME_STREAMS, FRAMES } from './fixtures/frames.js';
import { JSON_ONLY } from './fixtures/json-only.js';
import { OutletLog } from './fixtures/outlet-log.js';
import { sourceOf, subscriptionTo } from './fixtures/subscription.js';
import { KnownLayout } from './known-layout.js';
import { BinanceSession } from './session.js';
import type { BinanceStream } from './streams.js';

const RECEIVED_AT = 1_795_361_461_000_000;

function eventOf(stream: BinanceStream, frame: string, lane = 'fast'): MarketEvent | undefined {
  const log = new OutletLog();
  const session = new BinanceSession(log, lane === 'fast' ? new KnownLayout() : JSON_ONLY);
  session.subscribe([subscriptionTo(stream)]);
  session.receive(Buffer.from(frame), RECEIVED_AT);
  return log.events[0];
}

describe.each(['fast', 'JSON'])('the event of a documented frame, by the %s lane', (lane) => {
  it('trade: price, size and id, the time of the match, and the aggressor', () => {
    expect(eventOf('trade', FRAMES.trade, lane)).toEqual({
      type: 'tick',
      ...sourceOf('trade'),
      timestamp: 1_795_361_400_122_871,
      receivedAt: RECEIVED_AT,
      sequenceId: 5_312_345_678,
      kind: 'trade',
      price: 84_215.37,
      size: 0.00119,
      side: 'SELL',
    });
  });

  it('aggTrade: as a trade, by the id of the aggregate', () => {
    expect(eventOf('aggTrade', FRAMES.aggTrade, lane)).toEqual({
      type: 'tick',
      ...sourceOf('aggTrade'),
      timestamp: 1_795_361_400_122_871,
      receivedAt: RECEIVED_AT,
      sequenceId: 3_812_345_678,
      kind: 'trade',
      price: 84_215.37,
      size: 0.051,
      side: 'BUY',
    });
  });

  it('bookTicker: both sides, their middle as price, and our time for want of one', () => {
    expect(eventOf('bookTicker', FRAMES.bookTicker, lane)).toEqual({
      type: 'tick',
      ...sourceOf('bookTicker'),
      timestamp: RECEIVED_AT,
      receivedAt: RECEIVED_AT,
      sequenceId: 76_543_210_987,
      kind: 'quote',
      price: 84_215.365,
      size: 0,
      side: 'UNKNOWN',
      bid: 84_215.36,
      ask: 84_215.37,
      bidSize: 3.102,
      askSize: 1.004,
    });
  });

  it('depth20: the top of the book as a snapshot, and our time for want of one', () => {
    expect(eventOf('depth20', FRAMES.depth20, lane)).toEqual({
      type: 'depth',
      ...sourceOf('depth20'),
      timestamp: RECEIVED_AT,
      receivedAt: RECEIVED_AT,
      sequenceId: 76_543_210_990,
      isSnapshot: true,
      bids: [
        { price: 84_215.36, size: 3.102 },
        { price: 84_215.35, size: 0.005 },
      ],
      asks: [{ price: 84_215.37, size: 1.004 }],
    });
  });

  it('depth: the changed levels with the first and the last id they stand for', () => {
    expect(eventOf('depth', FRAMES.depth, lane)).toEqual({
      type: 'depth',
      ...sourceOf('depth'),
      timestamp: 1_795_361_400_200_123,
      receivedAt: RECEIVED_AT,
      firstSequenceId: 76_543_210_981,
      sequenceId: 76_543_210_990,
      isSnapshot: false,
      bids: [
        { price: 84_215.36, size: 3.102 },
        { price: 84_210, size: 0 },
      ],
      asks: [],
    });
  });

  it('kline: the bar with its own time, and its volume-weighted price', () => {
    expect(eventOf('kline', FRAMES.kline, lane)).toEqual({
      type: 'bar',
      ...sourceOf('kline'),
      timestamp: 1_795_361_460_012_345,
      receivedAt: RECEIVED_AT,
      interval: '1m',
      priceType: 'trade',
      openTime: 1_795_361_400_000_000,
      open: 84_215.37,
      high: 84_240,
      low: 84_200,
      close: 84_230.01,
      volume: 12.345,
      trades: 412,
      vwap: 1_039_712.11 / 12.345,
      isClosed: true,
    });
  });

  it('kline without a trade: no volume-weighted price, and not closed yet', () => {
    const bar = eventOf('kline_5m', FRAMES.kline_5m, lane);
    expect(bar).toMatchObject({ stream: 'kline_5m', interval: '5m', trades: 0, volume: 0, isClosed: false });
    expect(bar).not.toHaveProperty('vwap');
  });

  it.each(FRAME_STREAMS)('%s: is what the canonical schema says, and nothing more', (stream) => {
    const event = eventOf(stream, FRAMES[stream], lane);
    expect(MarketEvent.parse(event)).toEqual(event);
  });
});

describe('a book without one of its sides', () => {
  it('is still a book', () => {
    const empty = FRAMES.depth20
      .replace(/"asks":.*\}\}/, '"asks":[]}}')
      .replace(/"bids":\[\[.*\]\],/, '"bids":[],');
    expect(eventOf('depth20', empty)).toMatchObject({ bids: [], asks: [], sequenceId: 76_543_210_990 });
  });
});
