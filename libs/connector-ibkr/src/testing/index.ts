export { type SimulatedInstrument } from './instrument.js';
export {
  type SimulatedBar,
  type SimulatedDepth,
  type SimulatedQuote,
  type SimulatedTrade,
  type TwsFaults,
  type TwsMarket,
  type TwsPortfolio,
  type TwsRequest,
  type TwsSimulator,
  type TwsSimulatorOptions,
} from './simulator.js';
export { startTwsSimulator } from './start-simulator.js';
