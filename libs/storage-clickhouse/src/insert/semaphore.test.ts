import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Semaphore } from './semaphore.js';

/** A task that ends when it is told to. */
function heldTask(log: string[], name: string) {
  const held = new EventEmitter();
  const run = async (): Promise<string> => {
    log.push(name);
    await once(held, 'end');
    return name;
  };
  return { run, end: () => held.emit('end'), fail: () => held.emit('error', new Error(name)) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Semaphore', () => {
  it('runs as many as there are places, the others in the order they came', async () => {
    const log: string[] = [];
    const semaphore = new Semaphore(2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => heldTask(log, name));
    const results = Promise.all(tasks.map(({ run }) => semaphore.run(run)));
    await settled();
    expect(log).toEqual(['a', 'b']);
    tasks[1]?.end();
    await settled();
    expect(log).toEqual(['a', 'b', 'c']);
    tasks[0]?.end();
    await settled();
    for (const { end } of tasks) end();
    expect(await results).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives the place of a task that failed to the next', async () => {
    const log: string[] = [];
    const semaphore = new Semaphore(1);
    const [first, second] = [heldTask(log, 'a'), heldTask(log, 'b')];
    const [failing, waiting] = [semaphore.run(first.run), semaphore.run(second.run)];
    first.fail();
    await expect(failing).rejects.toThrow('a');
    second.end();
    expect(await waiting).toBe('b');
  });
});
