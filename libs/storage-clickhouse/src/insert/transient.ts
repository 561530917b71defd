import { ClickHouseError } from '@clickhouse/client';
import { StorageError } from '../errors.js';

/** What passes by itself: the server is busy, restarting, out of something, or lost its keeper. */
const TRANSIENT_CODES = new Set([
  '3', // UNEXPECTED_END_OF_FILE: the request was cut on its way
  '75', // CANNOT_WRITE_TO_FILE_DESCRIPTOR: no space left on its disk
  '159', // TIMEOUT_EXCEEDED
  '202', // TOO_MANY_SIMULTANEOUS_QUERIES
  '203', // NO_FREE_CONNECTION
  '209', // SOCKET_TIMEOUT
  '210', // NETWORK_ERROR
  '225', // NO_ZOOKEEPER
  '236', // ABORTED: it is shutting down
  '241', // MEMORY_LIMIT_EXCEEDED
  '242', // TABLE_IS_READ_ONLY: a replica without its keeper
  '243', // NOT_ENOUGH_SPACE
  '252', // TOO_MANY_PARTS: merges must catch up first
  '279', // ALL_CONNECTION_TRIES_FAILED
  '285', // TOO_FEW_LIVE_REPLICAS
  '286', // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  '319', // UNKNOWN_STATUS_OF_INSERT
  '394', // QUERY_WAS_CANCELLED
  '425', // SYSTEM_ERROR
  '999', // KEEPER_EXCEPTION
]);

/**
 * Whether the same bytes may succeed later. What does not come from ClickHouse itself comes from the network
 * or a proxy, and passes. 252 is also given for a block with too many partitions, which no waiting heals.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof StorageError) return false;
  if (!(error instanceof ClickHouseError)) return true;
  if (error.code === '252') return !error.message.includes('partitions');
  return TRANSIENT_CODES.has(error.code);
}
