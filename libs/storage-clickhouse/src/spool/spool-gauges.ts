import { Gauge, type Registry } from 'prom-client';
import type { SpoolState } from './spool-options.js';

interface GaugeOfSpools {
  readonly name: string;
  readonly help: string;
  readonly value: (states: readonly SpoolState[]) => number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const GAUGES: readonly GaugeOfSpools[] = [
  {
    name: 'spool_batches',
    help: 'Batches that are on the disk and that ClickHouse has not acknowledged',
    value: (states) => sum(states.map(({ batches }) => batches)),
  },
  {
    name: 'spool_bytes',
    help: 'Bytes of the batches that ClickHouse has not acknowledged',
    value: (states) => sum(states.map(({ bytes }) => bytes)),
  },
  {
    name: 'spool_disk_bytes',
    help: 'Bytes of all files of the spool, dead letters included; at spool_limit_bytes recording waits',
    value: (states) => sum(states.map(({ diskBytes }) => diskBytes)),
  },
  {
    name: 'spool_limit_bytes',
    help: 'Bytes that the files of the spool may have',
    value: (states) => sum(states.map(({ limitBytes }) => limitBytes)),
  },
  {
    name: 'spool_oldest_batch_seconds',
    help: 'Age of the oldest batch that ClickHouse has not acknowledged; 0 when there is none',
    value: (states) =>
      Math.max(0, ...states.map(({ oldestAcceptedAt: at }) => (at === undefined ? 0 : Date.now() - at))) /
      1000,
  },
  {
    name: 'spool_waiting',
    help: '1 while nothing is accepted, since the spool is at its limit or its disk is full or fails',
    value: (states) => (states.some(({ isWaiting }) => isWaiting) ? 1 : 0),
  },
  {
    name: 'deadletter_bytes',
    help: 'Bytes of the batches that ClickHouse refused for good and that are kept in files',
    value: (states) => sum(states.map(({ deadLetterBytes }) => deadLetterBytes)),
  },
];

const watched = new WeakMap<Registry, Set<() => SpoolState>>();

/** Shows how full a spool is, together with others on the registry, until what is returned is called. */
export function watchSpool(registry: Registry, spool: () => SpoolState): () => void {
  const spools = watched.get(registry) ?? registerGauges(registry);
  spools.add(spool);
  return () => spools.delete(spool);
}

function registerGauges(registry: Registry): Set<() => SpoolState> {
  const spools = new Set<() => SpoolState>();
  watched.set(registry, spools);
  for (const { name, help, value } of GAUGES) {
    new Gauge({
      ...{ name, help, registers: [registry] },
      collect() {
        this.set(value([...spools].map((state) => state())));
      },
    });
  }
  return spools;
}
