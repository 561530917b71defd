import { describe, expect, it } from '@jest/globals';
import { ReplayClock } from './replay-clock.js';

describe('ReplayClock', () => {
  it('stamps frames with the times that were pushed, in their order, however many wait', () => {
    const clock = new ReplayClock(5);
    const stamped: number[] = [];
    let pushed = 0;
    for (let round = 0; round < 50; round += 1) {
      for (let frame = 0; frame < 100; frame += 1) clock.push((pushed += 1));
      for (let frame = 0; frame < 60; frame += 1) stamped.push(clock.stampFrame());
    }
    expect(clock.pending).toBe(2000);
    while (clock.pending > 0) stamped.push(clock.stampFrame());
    expect(stamped).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  });

  it('stands at the last frame, and before the first one at its start', () => {
    const clock = new ReplayClock(5);
    expect([clock.now(), clock.stampFrame()]).toEqual([5, 5]);
    clock.push(undefined);
    clock.push(8);
    clock.push(undefined);
    expect(clock.now()).toBe(5);
    expect([clock.stampFrame(), clock.stampFrame(), clock.stampFrame(), clock.stampFrame()]).toEqual([
      5, 8, 8, 8,
    ]);
    expect(clock.now()).toBe(8);
  });
});
