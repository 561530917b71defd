export { type SimulatedCandle } from './candles.js';
export { type SimulatedTick } from './market.js';
export {
  type DukascopyFault,
  type DukascopyFaults,
  type DukascopyRequest,
  type DukascopySimulator,
  type DukascopySimulatorOptions,
} from './simulator.js';
export { startDukascopySimulator } from './start-simulator.js';
