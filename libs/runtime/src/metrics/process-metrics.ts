import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Gauges that are named like counters, which `promtool check metrics` takes for an error; each is a sum of another. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** What a program is. */
export interface Program {
  readonly name: string;
  readonly version: string;
}

/**
 * A registry with what every program of ours tells of itself: memory, processor, event loop, and what it is.
 * @param program what its package.json says.
 */
export function processMetrics({ name, version }: Program): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const info = new Gauge({
    name: 'build_info',
    help: 'Always 1: which program this is, of which version, on which Node',
    labelNames: ['program', 'version', 'node'],
    registers: [registry],
  });
  info.set({ program: name.replace('@autotrader/', ''), version, node: process.version }, 1);
  return registry;
}
