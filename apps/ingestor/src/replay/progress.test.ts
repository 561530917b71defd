import { expect, it } from '@jest/globals';
import { progressText } from './progress.js';

it.each([
  [[], '0 % played'],
  [[{ frames: 1 }, { frames: 1 }], '66 % played'],
  [[{ frames: 3 }], '100 % played'],
  [[{ frames: 4 }], '100 % played'],
])('of 3 frames, %j is %s', (sent, text) => {
  expect(progressText(sent, 3)).toBe(text);
});
