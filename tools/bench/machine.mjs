import { availableParallelism, cpus, totalmem } from 'node:os';

/** The machine a figure was measured on; a figure without it says nothing. */
export function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}

export function machineLine({ cpu, cores, memoryGiB, node, platform }) {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, Node ${node}, ${platform}`;
}
