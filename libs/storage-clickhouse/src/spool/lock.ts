import { readFileSync } from 'node:fs';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StorageError } from '../errors.js';

const PREFIX = 'lock.';
const ALIVE_EVERY_MS = 5_000;
/** A holder on another host whose file is older than this is gone. */
const GONE_AFTER_MS = 30_000;
const TRIES = 5;

/** One process's hold on a folder. */
export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Tells it from a later process with the same number. */
  readonly start: string;
}

/**
 * Takes hold of a folder for this process. A holder's file carries the holder's name, so that what a killed
 * process left can be removed without ever removing a living one's: whoever comes second sees the first, and
 * yields. Two that come at once may both yield, and try again.
 * @throws StorageError SPOOL_LOCKED; what the file system throws.
 */
export async function lock(folder: string, self: Holder = thisProcess()): Promise<Lock> {
  for (let tries = 1; ; tries++) {
    const path = join(folder, nameOf(self));
    const file = await open(path, 'wx').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw lockedBy(folder, self, self);
      throw error;
    });
    await file.close();
    const holder = await otherHolder(folder, self);
    if (holder === undefined) return hold(path);
    await rm(path, { force: true });
    if (tries === TRIES) throw lockedBy(folder, holder, self);
    await delay(Math.random() * 20 * tries);
  }
}

function hold(path: string): Lock {
  const touch = (): void => void utimes(path, new Date(), new Date()).catch(() => undefined);
  const alive = setInterval(touch, ALIVE_EVERY_MS).unref();
  return {
    release: async () => {
      clearInterval(alive);
      await rm(path, { force: true });
    },
  };
}

/** A living holder that is not us; what dead ones left is removed. */
async function otherHolder(folder: string, self: Holder): Promise<Holder | undefined> {
  for (const name of await readdir(folder)) {
    const holder = holderOf(name);
    if (holder === undefined || name === nameOf(self)) continue;
    if (await isAlive(holder, join(folder, name), self)) return holder;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

async function isAlive(holder: Holder, path: string, self: Holder): Promise<boolean> {
  if (holder.host !== self.host) {
    const touched = await stat(path).catch(() => undefined);
    return touched !== undefined && Date.now() - touched.mtimeMs < GONE_AFTER_MS;
  }
  if (!isRunning(holder.pid)) return false;
  const start = startOf(holder.pid);
  return start === undefined || start === holder.start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function thisProcess(): Holder {
  const start = startOf(process.pid) ?? String(Math.round(performance.timeOrigin));
  return { host: hostname(), pid: process.pid, start };
}

/** When a process began, in the kernel's ticks; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1);
    return afterName?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function nameOf({ host, pid, start }: Holder): string {
  return `${PREFIX}${pid}.${start}.${encodeURIComponent(host)}`;
}

function holderOf(name: string): Holder | undefined {
  const [, pid, start, host] = /^lock\.(\d+)\.(\d+)\.(.*)$/.exec(name) ?? [];
  if (pid === undefined || start === undefined || host === undefined) return undefined;
  return { host: decodeURIComponent(host), pid: Number(pid), start };
}

function lockedBy(folder: string, { host, pid }: Holder, self: Holder): StorageError {
  const who = host === self.host ? `process ${pid}` : `process ${pid} on ${host}`;
  const patience = host === self.host ? '' : `, or wait ${GONE_AFTER_MS / 1000} s if it was killed`;
  const message = `the spool ${folder} is in use by ${who}: stop it${patience}, or set spool.dir to another folder`;
  return new StorageError('SPOOL_LOCKED', message);
}
