export {
  DukascopyHistory,
  type DukascopyFile,
  type DukascopyHistoryOptions,
  type TickHistoryRequest,
} from './history.js';
export { type WayName } from './history-files.js';
export { type DukascopyInstrument, instruments } from './instruments.js';
export { type CandleInterval, type CandleSide } from './normalize.js';
export { type Period } from './periods.js';
