import { describe, expect, it } from '@jest/globals';
import { closeReason, plainError } from './end-reason.js';

describe('the reason of an end', () => {
  it('is what went wrong, if something did', () => {
    expect(closeReason(1006, Buffer.alloc(0), 'connect ECONNREFUSED 127.0.0.1:1')).toBe(
      'connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it('is what the venue said, else', () => {
    expect(closeReason(1008, Buffer.from('too many'), '')).toBe('closed by the venue (1008: too many)');
    expect(closeReason(1006, Buffer.alloc(0), '')).toBe('closed by the venue (1006)');
  });

  it('is one line, whatever was thrown', () => {
    expect(plainError(new Error('socket hang up'))).toBe('socket hang up');
    expect(plainError(new AggregateError([new Error('no route'), new Error('other')]))).toBe('no route');
    expect(plainError(new AggregateError([]))).toBe('AggregateError');
    expect(plainError(new RangeError())).toBe('RangeError');
    expect(plainError({})).toBe('unknown error');
    expect(plainError('a text')).toBe('a text');
    expect(plainError(undefined)).toBe('undefined');
  });
});
