import { describe, expect, it } from '@jest/globals';
import { DepthChanges } from './depth-changes.js';
import { OrderBook } from './order-book.js';

describe('OrderBook', () => {
  it('keeps both sides best first, and gives every change an id', () => {
    const book = new OrderBook(100);
    for (const price of [10, 12, 11]) book.set('bid', price, price);
    for (const price of [15, 13, 14]) book.set('ask', price, price);
    book.set('bid', 12, 0);
    book.set('ask', 14, 99);
    expect(book.bids.top(5)).toEqual([
      [11, 11],
      [10, 10],
    ]);
    expect(book.asks.top(2)).toEqual([
      [13, 13],
      [14, 99],
    ]);
    expect(book.updateId).toBe(108);
  });

  it('tells what changed since the last look, without a gap in the ids', () => {
    const book = new OrderBook(100);
    book.set('bid', 10, 1);
    const changes = new DepthChanges(book);
    expect(changes.take()).toBeUndefined();
    book.set('bid', 10, 0);
    book.set('ask', 12, 5);
    book.set('ask', 12, 6);
    expect(changes.take()).toEqual({ firstId: 102, lastId: 104, bids: [[10, 0]], asks: [[12, 6]] });
    book.set('bid', 9, 2);
    expect(changes.take()).toEqual({ firstId: 105, lastId: 105, bids: [[9, 2]], asks: [] });
  });
});
