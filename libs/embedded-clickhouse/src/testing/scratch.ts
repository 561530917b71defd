import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import type { EmbeddedClickHouse } from '../server.js';
import { startClickHouse, type StartClickHouseOptions } from '../start.js';

const dirs: string[] = [];
const servers: EmbeddedClickHouse[] = [];

/** A directory that is removed after the test. */
export async function scratchDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'embedded-clickhouse-'));
  dirs.push(dir);
  return dir;
}

/** A server that is stopped after the test. */
export async function startScratch(options: StartClickHouseOptions): Promise<EmbeddedClickHouse> {
  const server = await startClickHouse(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await Promise.all(
    dirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })),
  );
});
