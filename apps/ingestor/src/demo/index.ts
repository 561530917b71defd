export { type DemoResult } from './demo.js';
export { type HeldDemo, holdDemo } from './held-demo.js';
export { type MarketPace, type SimulatedVenue, startVenues } from './simulated-venue.js';
