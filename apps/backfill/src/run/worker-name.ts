import { hostname } from 'node:os';

/** A name that no other process has: machine, process, and when it began. */
export function workerName(): string {
  return `${hostname()}:${process.pid}:${Math.floor(performance.timeOrigin)}`;
}

/** Whether a worker is known to be gone: of this machine, and no such process. */
export function isGone(worker: string): boolean {
  const [host, pid] = worker.split(':');
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return worker !== workerName() && Number(pid) === process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
