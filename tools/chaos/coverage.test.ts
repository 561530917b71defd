import { expect, it } from '@jest/globals';
import { coverageOf } from './coverage.js';

const ids = (...list: number[]) => list.map((id) => ({ from: id, to: id }));

it('is whole when what is not stored is in a gap', () => {
  expect(coverageOf(ids(1, 2, 5), [{ from: 3, to: 4 }])).toEqual({
    ...{ ids: 5, stored: 3, missing: 2, lost: 0, doubled: 0, contradicted: 0 },
  });
});

it('tells what is neither', () => {
  expect(coverageOf(ids(1, 2, 9), [{ from: 3, to: 6 }])).toMatchObject({ missing: 4, lost: 2 });
});

it('tells what is stored twice', () => {
  expect(coverageOf(ids(1, 2, 2, 3), [])).toMatchObject({ stored: 3, doubled: 1 });
  const overlapping = [
    { from: 1, to: 5 },
    { from: 4, to: 8 },
  ];
  expect(coverageOf(overlapping, [])).toMatchObject({ stored: 8, doubled: 2 });
});

it('tells what is stored and said to be missing', () => {
  expect(coverageOf(ids(1, 2, 3, 4), [{ from: 2, to: 3 }])).toMatchObject({ contradicted: 2, missing: 0 });
});

it('counts what two gaps say once, and nothing of what lies before the first or after the last', () => {
  const gaps = [
    { from: 0, to: 12 },
    { from: 11, to: 14 },
    { from: 16, to: 40 },
  ];
  expect(coverageOf(ids(10, 15, 20), gaps)).toMatchObject({ ids: 11, missing: 8, contradicted: 2 });
});

it('is nothing of nothing', () => {
  expect(coverageOf([], [])).toMatchObject({ ids: 0, stored: 0, lost: 0, doubled: 0 });
});
