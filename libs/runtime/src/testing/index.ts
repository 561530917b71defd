export { freePort } from './free-port.js';
export { LogLines } from './log-lines.js';
export { type Outcome, Program } from './program.js';
export { query } from './query.js';
export { Scratch } from './scratch.js';
export { until } from './until.js';
