import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** The machine a figure was measured on, and how busy it is just now; a figure without it says nothing. */
export function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    loadAverage: loadavg()[0],
  };
}

export function machineLine({ cpu, cores, memoryGiB, node, platform, loadAverage }) {
  const load = `load average ${loadAverage.toFixed(1)} at the start`;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, Node ${node}, ${platform}, ${load}`;
}
