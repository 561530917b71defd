import { isNativeError } from 'node:util/types';
import { ClickHouseError } from '@clickhouse/client';
import { reasonOf, StorageError } from '../errors.js';
import { failureOf } from '../insert/failure.js';
import type { Connection } from './connection.js';
import { readOnly } from './rights.js';

/** UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED. */
const AUTHENTICATION_CODES = new Set(['192', '193', '194', '516']);

const READONLY = '164';

/** Why the server did not do what it was asked, as one line: AUTHENTICATION, READ_ONLY, REJECTED or UNREACHABLE. */
export function refusal(connection: Connection, error: unknown): StorageError {
  const { url, username } = connection;
  if (error instanceof StorageError) return error;
  if (error instanceof ClickHouseError && AUTHENTICATION_CODES.has(error.code)) {
    const what = `ClickHouse at ${url} refuses user "${username}"`;
    return new StorageError('AUTHENTICATION', `${what}: check clickhouse.username and clickhouse.password`);
  }
  if (error instanceof ClickHouseError && error.code === READONLY)
    return readOnly(connection, 'may only read');
  if (error instanceof ClickHouseError) {
    const what = `ClickHouse at ${url} refuses (code ${error.code})`;
    return new StorageError('REJECTED', `${what}: ${reasonOf(error)}`, { cause: error });
  }
  const what = `ClickHouse at ${url} cannot be reached (${errorCode(error) ?? reasonOf(error)})`;
  return new StorageError('UNREACHABLE', `${what}: start it or set clickhouse.url`, { cause: error });
}

/** `ECONNREFUSED` and its like, or the number of a ClickHouse error; undefined when the error has neither. */
export function errorCode(error: unknown): string | undefined {
  const code = isNativeError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code !== '' ? code : undefined;
}

/** Whether the server is only away, or busy starting: what it was asked may succeed later. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof StorageError)) return failureOf(error) === 'passing';
  return error.code === 'UNREACHABLE' || (error.cause !== undefined && isAway(error.cause));
}
