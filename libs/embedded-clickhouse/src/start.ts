import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataDirInUse, prepareDataDir } from './data-dir.js';
import { findEngineLibrary } from './engine-library.js';
import { spawnEngine, type EngineExit, type EngineProcess, type EngineSettings } from './engine-process.js';
import { EmbeddedClickHouseError } from './errors.js';
import { choosePorts, portInUse, type Ports } from './ports.js';
import { waitUntilReady } from './readiness.js';
import { createServerHandle, type EmbeddedClickHouse } from './server.js';

/** Where a server keeps its data and where it listens. */
export interface StartClickHouseOptions {
  /** Made where it is missing; one server at a time. Relative to the working directory. */
  readonly dataDir: string;
  /** Of 127.0.0.1; 0, the default, for any free one. */
  readonly httpPort?: number;
  /** Of 127.0.0.1, for ClickHouse's native protocol; 0, the default, for any free one. */
  readonly tcpPort?: number;
  /** A ClickHouse server configuration in XML, for instance with `remote_servers` or memory limits. */
  readonly configFile?: string;
  /** Default 30,000 ms. */
  readonly startTimeoutMs?: number;
  /** Given each line of the server's log: warnings and errors. */
  readonly onLog?: (line: string) => void;
}

// How often a port that was free a moment ago is taken by another before the engine binds it.
const portRaces = 5;

/**
 * Starts a ClickHouse server in a process of its own, which ends when this one does, and resolves when it answers.
 * @throws EmbeddedClickHouseError whose `code` tells why it could not be started
 */
export async function startClickHouse(options: StartClickHouseOptions): Promise<EmbeddedClickHouse> {
  const { httpPort = 0, tcpPort = 0, startTimeoutMs = 30_000 } = options;
  const settings: EngineSettings = {
    library: findEngineLibrary(),
    dataDir: resolve(options.dataDir),
    configFile: existingFile(options.configFile),
    onLog: options.onLog,
  };
  await prepareDataDir(settings.dataDir);
  const deadline = AbortSignal.timeout(startTimeoutMs);
  for (let race = 1; ; race++) {
    const ports = await choosePorts(httpPort, tcpPort);
    const engine = spawnEngine(settings, ports);
    const outcome = await untilReadyOrOver(engine, ports, settings.dataDir, deadline);
    if (outcome === 'ready') return createServerHandle(engine, ports, settings.dataDir);
    if (outcome === 'timeout') throw startTimeout(engine, startTimeoutMs);
    const taken = portTaken(engine);
    if (taken === undefined) throw await startFailure(engine, outcome, settings.dataDir);
    if (taken === httpPort || taken === tcpPort || race === portRaces) throw portInUse(taken);
  }
}

async function untilReadyOrOver(
  engine: EngineProcess,
  ports: Ports,
  dataDir: string,
  deadline: AbortSignal,
): Promise<'ready' | 'timeout' | EngineExit> {
  const over = new AbortController();
  const ready = waitUntilReady(ports.http, dataDir, AbortSignal.any([deadline, over.signal]));
  const outcome = await Promise.race([
    engine.exited,
    ready.then(
      () => 'ready' as const,
      () => 'timeout' as const,
    ),
  ]);
  over.abort();
  if (outcome === 'timeout') {
    engine.child.kill('SIGKILL');
    await engine.exited;
  }
  return outcome;
}

function existingFile(configFile: string | undefined): string | undefined {
  if (configFile === undefined) return undefined;
  const path = resolve(configFile);
  if (existsSync(path)) return path;
  throw new EmbeddedClickHouseError(
    'START_FAILED',
    `There is no ClickHouse configuration file ${path}: check configFile`,
  );
}

function portTaken(engine: EngineProcess): number | undefined {
  const port = /Address already in use: \S+?:(\d+)/.exec(engine.log.tail().join('\n'))?.[1];
  return port === undefined ? undefined : Number(port);
}

function startTimeout(engine: EngineProcess, startTimeoutMs: number): EmbeddedClickHouseError {
  return new EmbeddedClickHouseError(
    'START_TIMEOUT',
    `ClickHouse did not answer within ${startTimeoutMs} ms: allow it more with startTimeoutMs${lastWords(engine)}`,
  );
}

async function startFailure(engine: EngineProcess, exit: EngineExit, dataDir: string): Promise<Error> {
  if (/Cannot lock file .*status/.test(engine.log.tail().join('\n'))) return dataDirInUse(dataDir);
  const how = exit.signal ?? `exit code ${exit.code}`;
  return new EmbeddedClickHouseError(
    'START_FAILED',
    `ClickHouse ended while starting (${how}): look at the data directory ${dataDir} and at configFile${lastWords(engine)}`,
  );
}

function lastWords(engine: EngineProcess): string {
  const tail = engine.log.tail();
  return tail.length === 0 ? '' : `; it last said: ${tail.join(' | ')}`;
}
