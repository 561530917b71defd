import { ClickHouseError } from '@clickhouse/client';
import { StorageError } from '../errors.js';

/**
 * What a failed insert says about the next attempt with the same bytes:
 * - `passing` it may succeed soon: the network, or a server that is restarting or out of something.
 * - `overload` it may succeed once the server has had time: its merges are behind.
 * - `access` it may succeed once somebody has changed the server: user, rights, database.
 * - `partitions` it cannot, but its days one by one can.
 * - `final` it cannot.
 */
export type Failure = 'passing' | 'overload' | 'access' | 'partitions' | 'final';

/** What passes by itself: the server is busy, restarting, out of something, or lost its keeper. */
const PASSING_CODES = new Set([
  '3', // UNEXPECTED_END_OF_FILE: the request was cut on its way
  '74', // CANNOT_READ_FROM_FILE_DESCRIPTOR
  '75', // CANNOT_WRITE_TO_FILE_DESCRIPTOR: no space left on its disk
  '76', // CANNOT_OPEN_FILE
  '159', // TIMEOUT_EXCEEDED
  '173', // CANNOT_ALLOCATE_MEMORY
  '198', // DNS_ERROR
  '201', // QUOTA_EXCEEDED: until the next interval
  '202', // TOO_MANY_SIMULTANEOUS_QUERIES
  '203', // NO_FREE_CONNECTION
  '209', // SOCKET_TIMEOUT
  '210', // NETWORK_ERROR
  '225', // NO_ZOOKEEPER
  '236', // ABORTED: it is shutting down
  '241', // MEMORY_LIMIT_EXCEEDED
  '242', // TABLE_IS_READ_ONLY: a replica without its keeper
  '243', // NOT_ENOUGH_SPACE
  '279', // ALL_CONNECTION_TRIES_FAILED
  '285', // TOO_FEW_LIVE_REPLICAS
  '286', // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  '319', // UNKNOWN_STATUS_OF_INSERT
  '394', // QUERY_WAS_CANCELLED
  '425', // SYSTEM_ERROR
  '439', // CANNOT_SCHEDULE_TASK
  '499', // S3_ERROR
  '745', // SERVER_OVERLOADED
  '999', // KEEPER_EXCEPTION
  '1000', // POCO_EXCEPTION: mostly of the disk or the network
]);

/** What an administrator can set right, for this batch and all others. */
const ACCESS_CODES = new Set([
  '81', // UNKNOWN_DATABASE
  '164', // READONLY
  '192', // UNKNOWN_USER
  '193', // WRONG_PASSWORD
  '194', // REQUIRED_PASSWORD
  '195', // IP_ADDRESS_NOT_ALLOWED
  '291', // DATABASE_ACCESS_DENIED
  '497', // ACCESS_DENIED
  '516', // AUTHENTICATION_FAILED
]);

/** "Too many parts", and, told apart by its words only, "Too many partitions for single INSERT block". */
const TOO_MANY = '252';

/** What does not come from ClickHouse itself comes from the network or a proxy, and passes. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StorageError) return 'final';
  if (!(error instanceof ClickHouseError)) return 'passing';
  if (error.code === TOO_MANY) return error.message.includes('partitions') ? 'partitions' : 'overload';
  if (ACCESS_CODES.has(error.code)) return 'access';
  return PASSING_CODES.has(error.code) ? 'passing' : 'final';
}
