import { describe, expect, it } from '@jest/globals';
import { type ConnectorError, RateLimitedError, RejectedError, TransportError } from '../errors.js';
import { retried } from './retried.js';

const away = new TransportError('FAKE', 'away');

/** Fails with these, then answers; what was waited is noted. */
function failing(...errors: ConnectorError[]) {
  const waits: number[] = [];
  const stopping = new AbortController();
  const options = {
    signal: stopping.signal,
    firstMs: 0.01,
    random: () => 0,
    onRetry: (_: ConnectorError, waitMs: number) => waits.push(waitMs),
  };
  const request = (): Promise<string> => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve('answer') : Promise.reject(error);
  };
  return { waits, stopping, errors, run: (more = {}) => retried({ ...options, ...more }, request) };
}

describe('a request that may pass', () => {
  it('is tried three times more, each wait twice the one before', async () => {
    const { waits, run } = failing(away, away, away);
    expect(await run()).toBe('answer');
    expect(waits).toEqual([0.01, 0.02, 0.04]);
  });

  it('fails as it did at last', async () => {
    const last = new TransportError('FAKE', 'still away');
    await expect(failing(away, away, away, last).run()).rejects.toBe(last);
    await expect(failing(away, last).run({ retries: 1 })).rejects.toBe(last);
  });

  it('waits as long as the venue asks for, where that is longer', async () => {
    const { waits, run } = failing(new RateLimitedError('FAKE', 'patience', 3));
    expect(await run()).toBe('answer');
    expect(waits).toEqual([3]);
  });

  it('is not tried again when that cannot help', async () => {
    const refused = new RejectedError('FAKE', 'no such thing');
    const { errors, run } = failing(refused, away);
    await expect(run()).rejects.toBe(refused);
    expect(errors).toEqual([away]);
  });

  it('is given up at once when it is told to, also while it waits', async () => {
    const { stopping, run } = failing(new RateLimitedError('FAKE', 'patience', 3_600_000));
    const running = run({ onRetry: () => setImmediate(() => stopping.abort()) });
    await expect(running).rejects.toThrow('patience');
    const { waits, run: again, stopping: stopped } = failing(away);
    stopped.abort();
    await expect(again()).rejects.toBe(away);
    expect(waits).toEqual([]);
  });
});
