export { type SimulatedInstrument } from './instrument.js';
export { type SimulatedLevel, type SimulatedPrice } from './price.js';
export {
  type OandaFaults,
  type OandaMarket,
  type OandaRequest,
  type OandaSimulator,
  type OandaSimulatorOptions,
} from './simulator.js';
export { startOandaSimulator } from './start-simulator.js';
