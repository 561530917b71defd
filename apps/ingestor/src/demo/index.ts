export { type DemoOptions, type DemoResult, runDemo, type RunningDemo } from './demo.js';
export { type MarketPace, secretsOfVenues, type SimulatedVenue, startVenues } from './simulated-venue.js';
