import type { EventEmitter } from 'node:events';

/** What a process holds on to: what has to be as it was when something has come and gone. */
export interface OpenResources {
  /** Sockets, servers, files. */
  readonly handles: number;
  readonly timers: number;
  /** Listeners on the process and on the emitters that are asked about. */
  readonly listeners: number;
}

/** Counts what this process holds on to now. */
export function openResources(...emitters: EventEmitter[]): OpenResources {
  const kinds = process.getActiveResourcesInfo();
  const timers = kinds.filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
  const listeners = [process, ...emitters].reduce(
    (sum, emitter) =>
      sum + emitter.eventNames().reduce((count, name) => count + emitter.listenerCount(name as string), 0),
    0,
  );
  return { handles: kinds.length - timers, timers, listeners };
}
