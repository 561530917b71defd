export { debianProgram, describeWith } from './debian-program.js';
export { type Alert, Monitoring } from './monitoring.js';
export { ServerProcess } from './server-process.js';
