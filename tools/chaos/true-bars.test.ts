import { expect, it } from '@jest/globals';
import { trueBars } from './true-bars.js';

const MINUTE = 60_000_000;
const trade = (id: number, time: number, price: string, qty: string) => ({ id, time, price, qty });

it('are of every length, opened and closed by time and then by id, with exact sums', () => {
  const trades = [
    trade(4, 7 * MINUTE, '3.00', '0.3'),
    trade(2, 6 * MINUTE + 5, '1.00', '0.1'),
    trade(3, 6 * MINUTE + 5, '2.00', '0.2'),
    trade(1, 6 * MINUTE, '1.50', '0.00000001'),
  ];
  const bars = trueBars(trades);
  expect(bars.map(({ interval, openTime }) => [interval, openTime / MINUTE])).toEqual([
    ...[['1m', 6], ['1m', 7], ['5m', 5], ['15m', 0], ['1h', 0], ['1d', 0]], // prettier-ignore
  ]);
  expect(bars[0]).toMatchObject({ open: 1.5, high: 2, low: 1, close: 2, volume: 0.30000001, trades: 3 });
  expect(bars[2]).toMatchObject({ open: 1.5, high: 3, low: 1, close: 3, volume: 0.60000001, trades: 4 });
});
