export { describeWith } from './debian-program.js';
export { Monitoring } from './monitoring.js';
export { ServerProcess } from './server-process.js';
