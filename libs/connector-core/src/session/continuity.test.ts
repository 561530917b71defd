import { describe, expect, it } from '@jest/globals';
import { Continuity, remainder } from './continuity.js';

/** Ids that came, each with its time a microsecond later than the one before. */
function after(...ids: number[]): Continuity {
  const continuity = new Continuity();
  ids.forEach((id, index) => continuity.observe(id, id, 1_000 + index, 'SEQUENCE'));
  return continuity;
}

describe('continuity', () => {
  it('begins with whatever comes first', () => {
    const continuity = new Continuity();
    expect(continuity.last).toBeNaN();
    expect(continuity.observe(41, 42, 1_000, 'SEQUENCE')).toBe('next');
    expect(continuity.last).toBe(42);
    expect(continuity.holes).toEqual([]);
  });

  it('goes on with the id that follows', () => {
    expect(after(7).observe(8, 8, 2_000, 'SEQUENCE')).toBe('next');
    expect(after(7).observe(8, 12, 2_000, 'SEQUENCE')).toBe('next');
  });

  it('finds what was jumped over, with the times around it and the cause', () => {
    const continuity = after(7);
    expect(continuity.observe(10, 12, 2_000, 'DISCONNECT')).toBe('jump');
    expect(continuity.holes).toEqual([
      { from: 8, to: 9, fromTime: 1_000, toTime: 2_000, cause: 'DISCONNECT' },
    ]);
    expect(continuity.last).toBe(12);
  });

  it('never states a hole that ends before it begins, though the times of a venue step back', () => {
    const continuity = after(7);
    continuity.observe(10, 10, 990, 'SEQUENCE');
    expect(continuity.holes).toMatchObject([{ fromTime: 990, toTime: 990 }]);
  });

  it('knows again what came before, also when times stepped back since', () => {
    expect(after(7, 8).observe(8, 8, 1_001, 'SEQUENCE')).toBe('duplicate');
    expect(after(7, 8).observe(7, 7, 1_000, 'SEQUENCE')).toBe('duplicate');
    expect(after(7, 8).observe(8, 8, 9_999, 'SEQUENCE')).toBe('duplicate');
    const continuity = new Continuity();
    continuity.observe(1, 1, 1_000, 'SEQUENCE');
    continuity.observe(2, 2, 995, 'SEQUENCE');
    expect(continuity.observe(1, 1, 1_000, 'SEQUENCE')).toBe('duplicate');
  });

  it('knows what fills a hole, wholly or in part', () => {
    const continuity = after(1, 10);
    expect(continuity.observe(4, 5, 1_000, 'SEQUENCE')).toBe('fill');
    expect(continuity.fill(4, 5)).toMatchObject([{ from: 2, to: 9 }]);
    expect(continuity.holes).toMatchObject([
      { from: 2, to: 3 },
      { from: 6, to: 9 },
    ]);
    expect(continuity.observe(4, 4, 1_000, 'SEQUENCE')).toBe('duplicate');
    expect(continuity.last).toBe(10);
  });

  it('fills a hole by an event that goes beyond the last id', () => {
    const continuity = after(1, 4);
    expect(continuity.observe(2, 6, 2_000, 'SEQUENCE')).toBe('fill');
    expect(continuity.fill(2, 6)).toMatchObject([{ from: 2, to: 3 }]);
    expect(continuity.holes).toEqual([]);
    expect(continuity.last).toBe(6);
  });

  it('takes an event that goes beyond the last id for new', () => {
    const continuity = after(5, 6);
    expect(continuity.observe(5, 9, 2_000, 'SEQUENCE')).toBe('next');
    expect(continuity.last).toBe(9);
  });

  it('begins anew when ids do while time goes on, and forgets the holes before', () => {
    const continuity = after(100, 105);
    expect(continuity.observe(1, 1, 5_000_000, 'SEQUENCE')).toBe('reset');
    expect(continuity.holes).toEqual([]);
    expect(continuity.observe(2, 2, 5_000_001, 'SEQUENCE')).toBe('next');
  });

  it('takes a lower id that comes within a second for a repetition, whatever its time', () => {
    const continuity = after(104, 105);
    expect(continuity.observe(104, 104, 1_000_000, 'SEQUENCE')).toBe('duplicate');
    expect(continuity.last).toBe(105);
  });

  it('remembers ten thousand holes, the latest ones', () => {
    const continuity = new Continuity();
    for (let i = 0; i <= 10_001; i++) continuity.observe(2 * i, 2 * i, i, 'SEQUENCE');
    expect(continuity.holes).toHaveLength(10_000);
    expect(continuity.holes[0]).toMatchObject({ from: 3, to: 3 });
  });
});

describe('the remainder of a hole', () => {
  const hole = { from: 5, to: 9, fromTime: 1, toTime: 2, cause: 'SEQUENCE' } as const;

  it.each([
    ['nothing of it', 1, 4, [[5, 9]]],
    ['what lies beyond it', 10, 12, [[5, 9]]],
    ['its beginning', 3, 6, [[7, 9]]],
    ['its end', 9, 12, [[5, 8]]],
    [
      'its middle',
      6,
      7,
      [
        [5, 5],
        [8, 9],
      ],
    ],
    ['all of it', 5, 9, []],
    ['more than all of it', 1, 20, []],
  ] as const)('after %s came', (_, first, last, rest) => {
    expect(remainder(hole, first, last)).toEqual(rest.map(([from, to]) => ({ ...hole, from, to })));
  });
});
