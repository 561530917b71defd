import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from '@jest/globals';
import { StorageError } from '../errors.js';
import { failureOf } from './failure.js';

const serverError = (code: string, message = 'x') => new ClickHouseError({ code, message, type: 'X' });

describe('a failed insert', () => {
  it.each(['159', '202', '209', '210', '241', '242', '243', '319', '999'])(
    'with code %s may succeed soon',
    (code) => expect(failureOf(serverError(code))).toBe('passing'),
  );

  it.each(['6', '16', '27', '53', '60', '62', '70'])('with code %s cannot succeed', (code) =>
    expect(failureOf(serverError(code))).toBe('final'),
  );

  it.each(['81', '164', '194', '497', '516'])(
    'with code %s may succeed once the server was set right',
    (code) => expect(failureOf(serverError(code))).toBe('access'),
  );

  it('for too many parts needs patience, for too many partitions in one block another cut', () => {
    const parts =
      'Too many parts (3001 with average size of 1.00 MiB) in table. Merges are slower than inserts';
    const partitions = 'Too many partitions for single INSERT block (more than 100)';
    expect(failureOf(serverError('252', parts))).toBe('overload');
    expect(failureOf(serverError('252', partitions))).toBe('partitions');
  });

  it('from the network or a proxy may succeed soon, one of our own cannot', () => {
    expect(failureOf(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBe('passing');
    expect(failureOf(new Error('<html>502 Bad Gateway</html>'))).toBe('passing');
    expect(failureOf(new StorageError('SHORT_WRITE', 'x'))).toBe('final');
  });
});
