import { describe, expect, it } from '@jest/globals';
import { ConnectorError, ParseError, RateLimitedError, RejectedError, TransportError } from './errors.js';

describe('errors', () => {
  it.each([
    [new ParseError('FAKE', 'not JSON', Uint8Array.of(1)), 'ParseError', 'parse', false],
    [new TransportError('FAKE', 'no network'), 'TransportError', 'transport', true],
    [new RateLimitedError('FAKE', 'slowly', 5_000), 'RateLimitedError', 'rate_limited', true],
    [new RejectedError('FAKE', 'no such symbol'), 'RejectedError', 'rejected', false],
  ] as const)(
    'tell their name, kind, venue and whether trying again helps: %s',
    (error, name, kind, retryable) => {
      expect(error).toBeInstanceOf(ConnectorError);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name, kind, venue: 'FAKE', retryable });
    },
  );

  it('keep what they are about', () => {
    const cause = new Error('socket hang up');
    expect(new TransportError('FAKE', 'no network', { cause }).cause).toBe(cause);
    expect(new ParseError('FAKE', 'not JSON', Uint8Array.of(1)).frame).toEqual(Uint8Array.of(1));
    expect(new RateLimitedError('FAKE', 'slowly', 5_000).retryAfterMs).toBe(5_000);
  });
});
