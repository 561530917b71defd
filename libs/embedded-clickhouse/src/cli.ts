#!/usr/bin/env node
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EmbeddedClickHouse } from './server.js';
import { startClickHouse, type StartClickHouseOptions } from './start.js';

const usage = `Usage: embedded-clickhouse --data DIR [options]

Runs a ClickHouse server on 127.0.0.1 until Ctrl-C.

  --data DIR         where the data is kept; made where it is missing
  --http-port PORT   HTTP and the query page /play (default 8123; 0: any free one)
  --tcp-port PORT    ClickHouse's native protocol (default: any free one)
  --config FILE      a ClickHouse server configuration in XML
  --verbose          print the server's warnings and errors
  --help`;

function parseCommandLine(): StartClickHouseOptions | 'help' {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      'http-port': { type: 'string', default: '8123' },
      'tcp-port': { type: 'string', default: '0' },
      config: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!values.data) throw new Error('--data DIR says where the data is kept, and is missing: see --help');
  return {
    dataDir: fromCaller(values.data),
    httpPort: parsePort('--http-port', values['http-port']),
    tcpPort: parsePort('--tcp-port', values['tcp-port']),
    ...(values.config !== undefined && { configFile: fromCaller(values.config) }),
    ...(values.verbose && { onLog: (line: string) => console.error(line) }),
  };
}

// npm and Nx change the working directory; INIT_CWD is where the user stood.
function fromCaller(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`${option} must be a number from 0 to 65535, not '${text}'`);
}

async function serve(options: StartClickHouseOptions): Promise<void> {
  let stopping = false;
  const starting = startClickHouse(options);
  const onSignal = (): void => {
    const again = stopping;
    stopping = true;
    starting.then((server) => (again ? server.kill() : server.stop())).catch(() => {}); // serve reports it
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const server = await starting;
  if (!stopping) announce(server);
  const { code, signal } = await server.exited;
  if (!stopping)
    throw new Error(`ClickHouse ended by itself (${signal ?? `exit code ${code}`}): start it again`);
}

function announce({ url, tcpPort, dataDir }: EmbeddedClickHouse): void {
  console.log(
    `ClickHouse is at ${url}, query page ${url}/play, native TCP port ${tcpPort}, data in ${dataDir}`,
  );
}

async function main(): Promise<void> {
  const options = parseCommandLine();
  if (options === 'help') return console.log(usage);
  await serve(options);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
