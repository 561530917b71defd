export type { EngineExit } from './engine-process.js';
export { EmbeddedClickHouseError, type EmbeddedClickHouseErrorCode } from './errors.js';
export type { EmbeddedClickHouse } from './server.js';
export { startClickHouse, type StartClickHouseOptions } from './start.js';
