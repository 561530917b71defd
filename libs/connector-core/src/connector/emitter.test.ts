import { beforeEach, describe, expect, it } from '@jest/globals';
import { Emitter } from './emitter.js';

let emitter: Emitter<{ tick: number; other: string }>;
let heard: string[];

beforeEach(() => {
  emitter = new Emitter();
  heard = [];
});

describe('the emitter', () => {
  it('calls every callback of a name, in the order they came, and no other', () => {
    emitter.on('tick', (value) => heard.push(`first ${value}`));
    emitter.on('tick', (value) => heard.push(`second ${value}`));
    emitter.on('other', (value) => heard.push(value));
    emitter.emit('tick', 7);
    expect(heard).toEqual(['first 7', 'second 7']);
  });

  it('counts a callback that throws, and calls its neighbours', () => {
    emitter.on('tick', () => {
      throw new Error('a bug of the user');
    });
    emitter.on('tick', (value) => heard.push(`second ${value}`));
    emitter.emit('tick', 7);
    expect([heard, emitter.callbackErrors]).toEqual([['second 7'], 1]);
  });

  it('counts an async callback that rejects, and one that does not it does not', async () => {
    emitter.on('tick', (): unknown => Promise.reject(new Error('a bug of the user')));
    emitter.on('tick', (): unknown => Promise.resolve());
    emitter.on('tick', (): unknown => ({ then: 'not a promise' }));
    emitter.emit('tick', 7);
    await Promise.resolve();
    expect(emitter.callbackErrors).toBe(1);
  });

  it('lets callbacks come and go while it calls them', () => {
    const once = (): void => {
      heard.push('once');
      emitter.off('tick', once);
      emitter.on('tick', () => heard.push('later'));
    };
    emitter.on('tick', once);
    emitter.on('tick', () => heard.push('always'));
    emitter.emit('tick', 7);
    emitter.emit('tick', 7);
    expect(heard).toEqual(['once', 'always', 'always', 'later']);
  });

  it('does not mind that nobody listens, or that what goes was not there', () => {
    emitter.off('tick', () => undefined);
    emitter.emit('tick', 7);
    expect(emitter.callbackErrors).toBe(0);
  });
});
