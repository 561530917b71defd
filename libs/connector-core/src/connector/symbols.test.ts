import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Backoff } from '../connection/backoff.js';
import { RateLimitedError, RejectedError, TransportError } from '../errors.js';
import { fakeVenue, resolveFake } from '../testing/fake-venue/venue.js';
import type { Venue } from '../venue.js';
import { resolveSymbols } from './symbols.js';

type Resolve = Venue['resolve'];

let retries: string[];
let stopping: AbortController;

beforeEach(() => {
  jest.useFakeTimers();
  retries = [];
  stopping = new AbortController();
});

afterEach(() => {
  jest.useRealTimers();
});

function resolve(symbols: readonly string[], ask: Resolve): ReturnType<Resolve> {
  const backoff = new Backoff({ minMs: 1_000, maxMs: 60_000, random: () => 0 });
  const onRetry = (error: Error, waitMs: number, tries: number): void => {
    retries.push(`${error.message} ${waitMs} ${tries}`);
  };
  return resolveSymbols(fakeVenue('', ask), symbols, backoff, onRetry, stopping.signal);
}

/** Answers with these errors first. */
function after(...errors: Error[]): Resolve {
  return (symbols, signal) => {
    const error = errors.shift();
    return error === undefined ? resolveFake(symbols, signal) : Promise.reject(error);
  };
}

describe('the lookup of symbols', () => {
  it('goes on as long as trying again can help, with backing off', async () => {
    const away = new TransportError('FAKE', 'away');
    const resolved = resolve(['AAA'], after(away, away, away));
    for (const wait of [1_000, 2_000, 4_000]) await jest.advanceTimersByTimeAsync(wait);
    expect((await resolved).instruments).toMatchObject([{ venueSymbol: 'AAA' }]);
    expect(retries).toEqual(['away 1000 1', 'away 2000 2', 'away 4000 3']);
  });

  it('waits as long as the venue asks, and no shorter than backing off would', async () => {
    const resolved = resolve(
      ['AAA'],
      after(new RateLimitedError('FAKE', 'slow', 30_000), new RateLimitedError('FAKE', 'slow', 5)),
    );
    await jest.advanceTimersByTimeAsync(32_000);
    await resolved;
    expect(retries).toEqual(['slow 30000 1', 'slow 2000 2']);
  });

  it('ends when the venue has none of them, or refuses, or something else is wrong', async () => {
    await expect(resolve(['NO', 'NONE'], resolveFake)).rejects.toEqual(
      new RejectedError('FAKE', 'FAKE has no symbol NO FAKE has no symbol NONE'),
    );
    await expect(resolve(['AAA'], after(new RejectedError('FAKE', 'no rights')))).rejects.toThrow(
      'no rights',
    );
    await expect(resolve(['AAA'], after(new TypeError('a bug')))).rejects.toThrow('a bug');
    expect(retries).toEqual([]);
  });

  it('ends when it is stopped: before, while it asks, and while it waits', async () => {
    const stopped = new TransportError('FAKE', 'stopped before the venue was reached');
    const asking = resolve(['AAA'], (symbols) => {
      stopping.abort();
      return resolveFake(symbols, new AbortController().signal);
    });
    await expect(asking).rejects.toEqual(stopped);
    await expect(resolve(['AAA'], resolveFake)).rejects.toEqual(stopped);
    stopping = new AbortController();
    const failing = expect(resolve(['AAA'], (_, signal) => aborted(signal))).rejects.toEqual(stopped);
    stopping.abort();
    await failing;
    stopping = new AbortController();
    const waiting = expect(resolve(['AAA'], after(new TransportError('FAKE', 'away')))).rejects.toEqual(
      stopped,
    );
    await jest.advanceTimersByTimeAsync(500);
    stopping.abort();
    await waiting;
    expect(jest.getTimerCount()).toBe(0);
  });
});

/** As a venue whose question is given up by the signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new TransportError('FAKE', 'aborted')));
  });
}
