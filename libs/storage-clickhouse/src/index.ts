export { encodeBatch, type EncodedBatch, type TableName } from './encode/encode-batch.js';
export { StorageError, type StorageErrorCode } from './errors.js';
export { type Retry } from './insert/inserter.js';
export { migrate, type MigrateOptions, type MigrationStep } from './migrations/migrate.js';
export { type Migration } from './migrations/migration.js';
export { type ConnectionOptions } from './server/connection.js';
export { openStorage, type Storage, type StorageOptions } from './storage.js';
