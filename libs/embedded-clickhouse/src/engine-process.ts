import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createEngineLog, type EngineLog } from './engine-log.js';
import { host, type Ports } from './ports.js';

/** How a server's process ended. */
export interface EngineExit {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EngineSettings {
  readonly library: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly configFile?: string | undefined;
  readonly onLog?: ((line: string) => void) | undefined;
}

export interface EngineProcess {
  readonly child: ChildProcessByStdio<Writable, null, Readable>;
  readonly exited: Promise<EngineExit>;
  readonly log: EngineLog;
}

// HTTP last, so that what answers there has both ports. The final statement reads standard input to its end:
// the server lives as long as the pipe is held.
const serveUntilInputEnds = `SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT count() FROM file('-', 'LineAsString', 'line String')`;

export function spawnEngine(settings: EngineSettings, ports: Ports): EngineProcess {
  const program = fileURLToPath(new URL('./engine.js', import.meta.url));
  const child = spawn(process.execPath, [program, settings.library, ...engineArguments(settings, ports)], {
    // The engine looks for configuration in its working directory and in its home.
    cwd: settings.dataDir,
    env: { ...process.env, HOME: settings.dataDir, NODE_OPTIONS: '' },
    stdio: ['pipe', 'ignore', 'pipe'],
    // A process group of its own, so that Ctrl-C on the terminal reaches the parent only.
    detached: true,
  });
  const log = createEngineLog(child.stderr, settings.onLog);
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => {
      log.append(error.message);
      resolve({ code: null, signal: null });
    });
  });
  child.stdin.on('error', () => {}); // the process is gone already, which `exited` tells
  return { child, exited, log };
}

function engineArguments({ dataDir, configFile }: EngineSettings, ports: Ports): readonly string[] {
  return [
    `--path=${dataDir}`,
    `--http_port=${ports.http}`,
    `--tcp_port=${ports.tcp}`,
    `--listen_host=${host}`,
    '--logger.console',
    '--log-level=warning',
    // The default of 2 runs one scheduled task of a kind at a time, and warns of it at every insert.
    '--background_schedule_pool_size=4',
    ...(configFile === undefined ? [] : [`--config-file=${configFile}`]),
    '--query',
    serveUntilInputEnds,
  ];
}
