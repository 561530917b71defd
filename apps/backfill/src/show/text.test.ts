import { expect, it } from '@jest/globals';
import { bytesText, countText, durationText } from './text.js';

it('durations are as people say them', () => {
  expect([0, 59.6, 61, 3_660, 90_000].map(durationText)).toEqual([
    '0 s',
    '1 min 0 s',
    '1 min 1 s',
    '1 h 1 min',
    '1 d 1 h',
  ]);
});

it('so are sizes and counts', () => {
  expect([0, 1_023, 1_024, 1_572_864, 2 ** 40].map(bytesText)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 MiB',
    '1.0 TiB',
  ]);
  expect([countText(1, 'row'), countText(1_234, 'row'), countText(2, 'entry', 'entries')]).toEqual([
    '1 row',
    '1,234 rows',
    '2 entries',
  ]);
});
