import { afterEach, expect, it, jest } from '@jest/globals';
import { Rate } from './rate.js';

afterEach(() => void jest.restoreAllMocks());

it('is the growth a second since the last reading', () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
  const rate = new Rate();
  now.mockReturnValue(3_000);
  expect(rate.next(10)).toBe(5);
  now.mockReturnValue(3_500);
  expect(rate.next(11)).toBe(2);
  now.mockReturnValue(4_500);
  expect(rate.next(11)).toBe(0);
});

it('is finite when it is read twice at the same moment', () => {
  jest.spyOn(performance, 'now').mockReturnValue(1_000);
  expect(new Rate().next(1)).toBe(1_000);
});
