export { type ConformanceOptions, connectorConformance } from './conformance/conformance.js';
export {
  type ConformanceInstrument,
  type ConformanceSimulator,
  type ConformanceVenue,
} from './conformance/venue.js';
export { openResources, type OpenResources } from './open-resources.js';
export { programArguments } from './program-arguments.js';
export { randomFrom } from './random.js';
export { type SentCount, type SentTruth } from './sent.js';
export { until } from './until.js';
