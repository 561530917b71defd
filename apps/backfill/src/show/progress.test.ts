import { keepSecret } from '@autotrader/runtime';
import { expect, it } from '@jest/globals';
import { Tally } from '../run/tally.js';
import { createProgress, progressLine } from './progress.js';

function tally(values: Partial<Tally>): Tally {
  const instrument = { symbol: 'EUR/USD', venueSymbol: 'EURUSD', assetClass: 'FOREX' as const };
  return Object.assign(new Tally(instrument), values);
}

it('a line says how far all of it is, and how long it will take', () => {
  const half = tally({ total: 100, done: 40, empty: 10, rows: 5_000, requests: 100, requested: 50 });
  expect(progressLine([half], 10)).toBe(
    '50 %: 50 of 100 times, 5,000 rows, 500/s, 50 requests left, 10 s to go',
  );
  expect(progressLine([half, tally({ total: 50, failed: 25 })], 60)).toBe(
    '50 %: 75 of 150 times, 5,000 rows, 83/s, 50 requests left, 25 failed, 1 min 0 s to go',
  );
});

it('nothing to do is all of it, and without a beginning nobody knows', () => {
  expect(progressLine([tally({})], 1)).toContain('100 %');
  expect(progressLine([tally({ total: 5 })], 1)).toContain('some time to go');
});

it('what is said on the way holds no secret', () => {
  keepSecret('canary-of-the-back-fill');
  let said = '';
  const write = (text: string): boolean => (said += text) !== '';
  const progress = createProgress({ isTTY: false, write } as unknown as NodeJS.WriteStream);
  progress.say('refused: ?apiKey=canary-of-the-back-fill');
  progress.stop();
  expect(said).toBe('refused: ?apiKey=[redacted]\n');
});
