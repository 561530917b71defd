import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a real ClickHouse; that of `@autotrader/embedded-clickhouse`. */
export type StartShard = (options: {
  dataDir: string;
  tcpPort: number;
  configFile: string;
}) => Promise<Server>;

/** The name of the cluster that the shards know themselves as. */
export const CLUSTER = 'two_shards';

const TIMEOUT_MS = 60_000;

/** Two servers for the tests of a file, each a shard of one cluster. @returns their URLs, once they run. */
export function shards(start: StartShard): { readonly urls: readonly string[] } {
  const urls: string[] = [];
  const servers: Server[] = [];
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shards-'));
    const ports = await freePorts(2);
    const configFile = join(folder, 'cluster.xml');
    await writeFile(configFile, configuration(ports));
    for (const tcpPort of ports)
      servers.push(await start({ dataDir: join(folder, String(tcpPort)), tcpPort, configFile }));
    urls.push(...servers.map(({ url }) => url));
  }, TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }, TIMEOUT_MS);

  return { urls };
}

function configuration(ports: readonly number[]): string {
  const members = ports
    .map((port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`)
    .join('');
  return `<clickhouse><remote_servers><${CLUSTER}>${members}</${CLUSTER}></remote_servers></clickhouse>`;
}

/** Each server must know the other's port before either is started. */
async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(listeners.map((each) => new Promise((resolve) => each.once('listening', resolve))));
  const ports = listeners.map((each) => (each.address() as AddressInfo).port);
  await Promise.all(listeners.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}
