export { BarKeeper, type BarKeeperOptions, type BarRetry } from './bars/bar-keeper.js';
export { type BarServer } from './bars/refresh.js';
export { touchedIntervals, type TouchedInterval } from './bars/touched.js';
export { encodeBatch, type EncodedBatch, type TableName } from './encode/encode-batch.js';
export { type Origin } from './encode/origin.js';
export { StorageError, type StorageErrorCode } from './errors.js';
export { type Retry } from './insert/inserter.js';
export { type Stored } from './insert/lane.js';
export { type Cluster } from './migrations/cluster.js';
export { schemaDrift } from './migrations/drift.js';
export { migrate, type MigrateOptions, type MigrationStep } from './migrations/migrate.js';
export { type Migration } from './migrations/migration.js';
export { type Days, type Retention, type RetentionOptions, setRetention } from './migrations/retention.js';
export { registerStorageMetrics } from './metrics.js';
export { type Notice, type NoticeKind, type OnNotice } from './notice.js';
export { type ConnectionOptions } from './server/connection.js';
export { type SpoolOptions, type SpoolState } from './spool/spool-options.js';
export { type CloseOptions, openStorage, type Storage, type StorageOptions } from './storage.js';
export {
  newTask,
  type Task,
  type TaskKey,
  taskName,
  type TaskOutcome,
  type TaskSelection,
  type TaskState,
} from './ledger/task.js';
export { TaskLedger } from './ledger/task-ledger.js';
export { EXPORT_FORMATS, type ExportFormat } from './server/export.js';
