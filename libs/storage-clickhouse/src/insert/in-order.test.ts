import { describe, expect, it } from '@jest/globals';
import { InOrder } from './in-order.js';

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('InOrder', () => {
  it('runs the tasks of a lane one after another, also after one that failed, and lanes side by side', async () => {
    const log: string[] = [];
    const lanes = new InOrder();
    const task =
      (name: string, fails = false) =>
      async () => {
        log.push(`${name} begins`);
        await later();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const outcomes = await Promise.allSettled([
      lanes.run('tick', task('tick 1', true)),
      lanes.run('tick', task('tick 2')),
      lanes.run('gap', task('gap 1')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(log.slice(0, 2)).toEqual(['tick 1 begins', 'gap 1 begins']);
    expect(log.indexOf('tick 2 begins')).toBeGreaterThan(log.indexOf('tick 1 ends'));
  });

  it('is idle when everything asked for has ended', async () => {
    const lanes = new InOrder();
    let isDone = false;
    void lanes.run('tick', async () => {
      await later();
      isDone = true;
    });
    await lanes.idle();
    expect(isDone).toBe(true);
  });
});
