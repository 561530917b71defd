import { describe, expect, it } from '@jest/globals';
import { Waiters } from './waiters.js';

describe('waiters', () => {
  it('go on when their condition holds and somebody says that something has changed', async () => {
    const waiters = new Waiters();
    const order: string[] = [];
    let changes = 0;
    const [first, second] = [1, 2].map((wanted) =>
      waiters.until(() => changes >= wanted).then(() => order.push(`${wanted} after ${changes}`)),
    );
    waiters.wake();
    await Promise.resolve();
    expect(order).toEqual([]);
    changes = 1;
    waiters.wake();
    await first;
    changes = 2;
    waiters.wake();
    await second;
    expect(order).toEqual(['1 after 1', '2 after 2']);
  });

  it('are asked no more once they have gone on', () => {
    const waiters = new Waiters();
    let questions = 0;
    void waiters.until(() => ++questions > 1);
    waiters.wake();
    waiters.wake();
    expect(questions).toBe(2);
  });

  it('do not wait for what holds already', async () => {
    await new Waiters().until(() => true);
  });
});
