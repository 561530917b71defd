import { expect, it } from '@jest/globals';
import { Latencies } from './latency.js';
import { demoTable } from './table.js';

const row = { venue: 'BINANCE', venueSymbol: 'BTCUSDT', stream: 'trade' };

it('shows what was sent, what is stored, and the latency', () => {
  const latencies = new Latencies();
  for (let i = 0; i < 100; i++) latencies.record('BINANCE BTCUSDT trade', i < 98 ? 250 : 4_000);
  const text = demoTable([{ ...row, sent: 12_345, stored: 12_345 }], latencies);
  expect(text).toMatch(/│ BINANCE │ BTCUSDT │ trade +│ 12,345 │ 12,345 │ +0\.25 │ +4\.00 │/);
  expect(text).toContain('everything that was sent is stored, once');
});

it('says aloud when something is missing', () => {
  const text = demoTable([{ ...row, sent: 10, stored: 9 }], new Latencies());
  expect(text).toContain('NOT EVERYTHING that was sent is stored');
  expect(text).toMatch(/│ +10 │ +9 │ +- │ +- │/);
});

it('says that there is nothing to show when nothing was sent', () => {
  expect(demoTable([], new Latencies())).toBe('nothing was sent');
});
