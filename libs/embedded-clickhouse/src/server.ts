import type { EngineExit, EngineProcess } from './engine-process.js';
import { EmbeddedClickHouseError } from './errors.js';
import { host, type Ports } from './ports.js';

// Longer than the 5 s that the engine itself gives open connections before it ends.
const stopGraceMs = 8_000;

/** A running server. */
export interface EmbeddedClickHouse {
  /** Of the HTTP interface: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly httpPort: number;
  /** Of ClickHouse's native protocol. */
  readonly tcpPort: number;
  readonly pid: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<EngineExit>;
  /**
   * Ends the server cleanly and resolves when it is gone; may be called again. Close the clients first:
   * the server waits for open connections, idle ones too, for 5 s.
   */
  stop(): Promise<void>;
  /** SIGKILL, for tests of crashes: rows that were acknowledged are there at the next start. */
  kill(): void;
}

export function createServerHandle(engine: EngineProcess, ports: Ports, dataDir: string): EmbeddedClickHouse {
  const { child, exited } = engine;
  if (child.pid === undefined) throw new EmbeddedClickHouseError('START_FAILED', 'ClickHouse has no process');
  let stopped: Promise<void> | undefined;
  return {
    url: `http://${host}:${ports.http}`,
    httpPort: ports.http,
    tcpPort: ports.tcp,
    pid: child.pid,
    dataDir,
    exited,
    stop: () => (stopped ??= stopEngine(engine)),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function stopEngine({ child, exited }: EngineProcess): Promise<void> {
  const patience = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
  child.stdin.end();
  await exited;
  clearTimeout(patience);
}
