import { describe, expect, it } from '@jest/globals';
import { SentBook } from './sent-ledger.js';
import { SentTimes } from './sent-times.js';

describe('SentBook', () => {
  it('counts events once and frames every time', () => {
    const book = new SentBook();
    for (const id of [5, 6, 6, 8, 7]) book.record('btcusdt@trade', id, 1000 + id);
    expect(book.of('btcusdt@trade')).toEqual({
      stream: 'btcusdt@trade',
      events: 4,
      frames: 5,
      firstId: 5,
      lastId: 8,
    });
  });

  it('counts what has no id by the frame', () => {
    const book = new SentBook();
    book.record('x@other', undefined, 1);
    book.record('x@other', undefined, 2);
    expect(book.of('x@other')).toMatchObject({ events: 2, frames: 2, firstId: undefined });
  });

  it('lists the streams on which something was sent, and forgets all on reset', () => {
    const book = new SentBook();
    book.record('b@trade', 1, 1);
    book.record('a@trade', 1, 1);
    book.recordSkipped('c@trade', 4);
    expect(book.all().map(({ stream }) => stream)).toEqual(['a@trade', 'b@trade']);
    expect(book.skipped('c@trade')).toEqual([4]);
    book.reset();
    expect(book.all()).toEqual([]);
    expect(book.of('a@trade').events).toBe(0);
  });
});

describe('SentTimes', () => {
  it('knows the time of each of the latest 65,536 ids, repeated and reordered ones among them', () => {
    const times = new SentTimes();
    const count = 70_000;
    for (let id = 0; id < count; id += 1) if (id !== 69_000) times.add(id, id + 0.5);
    expect(times.add(69_000, 1)).toBe(true);
    expect(times.add(69_001, 2)).toBe(false);
    const kept = Array.from({ length: 65_535 }, (_, index) => count - 1 - index);
    const wrong = kept.filter((id) => times.timeOf(id) !== (id === 69_000 ? 1 : id + 0.5));
    expect(wrong).toEqual([]);
    expect(times.timeOf(count - 65_537)).toBeUndefined();
    expect(times.timeOf(count)).toBeUndefined();
  });

  it('takes ids that fall', () => {
    const times = new SentTimes();
    for (let id = 1000; id > 0; id -= 1) expect(times.add(id, id * 2)).toBe(true);
    expect(times.timeOf(1)).toBe(2);
    expect(times.timeOf(1000)).toBe(2000);
    expect(new SentTimes().timeOf(1)).toBeUndefined();
  });
});
