export {
  encodeBatch,
  type EncodedBatch,
  type TableName,
  type TouchedInterval,
} from './encode/encode-batch.js';
export { StorageError, type StorageErrorCode } from './errors.js';
export { type Retry } from './insert/inserter.js';
export { type AfterInsert, type Stored } from './insert/lane.js';
export { migrate, type MigrateOptions, type MigrationStep } from './migrations/migrate.js';
export { type Migration } from './migrations/migration.js';
export { type Notice, type NoticeKind, type OnNotice } from './notice.js';
export { type ConnectionOptions } from './server/connection.js';
export { type SpoolOptions, type SpoolState } from './spool/spool-options.js';
export { type CloseOptions, openStorage, type Storage, type StorageOptions } from './storage.js';
