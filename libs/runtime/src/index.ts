export { type Database, type DatabaseOptions, openDatabase } from './database.js';
export { userPath } from './invocation.js';
export { type Log } from './log.js';
export { OwnServer } from './own-server.js';
export { runCommand } from './run-command.js';
export { type Secrets, secretsOf, withDotEnv } from './secrets.js';
export { UserError } from './user-error.js';
