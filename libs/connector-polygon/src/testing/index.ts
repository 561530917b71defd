export {
  type PolygonFault,
  type PolygonFaults,
  type PolygonRequest,
  type PolygonSimulator,
  type PolygonSimulatorOptions,
  type SimulatedAggregate,
} from './simulator.js';
export { startPolygonSimulator } from './start-simulator.js';
