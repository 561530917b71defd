import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from '@jest/globals';
import { StorageError } from '../errors.js';
import { isTransient } from './transient.js';

const serverError = (code: string, message = 'x') => new ClickHouseError({ code, message, type: 'X' });

describe('isTransient', () => {
  it.each(['159', '202', '209', '210', '241', '242', '243', '252', '319', '999'])(
    'lets code %s be tried again',
    (code) => expect(isTransient(serverError(code))).toBe(true),
  );

  it.each(['16', '27', '53', '60', '62', '81', '497', '516'])('takes code %s as final', (code) =>
    expect(isTransient(serverError(code))).toBe(false),
  );

  it('tells too many parts, which passes, from too many partitions in one block, which does not', () => {
    const parts =
      'Too many parts (3001 with average size of 1.00 MiB) in table. Merges are slower than inserts';
    const partitions = 'Too many partitions for single INSERT block (more than 100)';
    expect(isTransient(serverError('252', parts))).toBe(true);
    expect(isTransient(serverError('252', partitions))).toBe(false);
  });

  it('lets what comes from the network or a proxy be tried again, and nothing of our own', () => {
    expect(isTransient(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBe(true);
    expect(isTransient(new Error('<html>502 Bad Gateway</html>'))).toBe(true);
    expect(isTransient(new StorageError('SHORT_WRITE', 'x'))).toBe(false);
  });
});
