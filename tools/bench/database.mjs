import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClickHouse } from '@autotrader/embedded-clickhouse';

/** Ticks of the kernel's clock a second, on every Linux there is. */
const TICKS = 100;

/** A ClickHouse of its own on a folder of its own; both are gone after `stop`. */
export async function openDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), 'autotrader-bench-'));
  let server = await startClickHouse({ dataDir });
  const { url, httpPort } = server;
  return {
    url,
    cpuSeconds: () => cpuSecondsOf(server.pid),
    query: (sql, database = 'market_data') => query(url, sql, database),
    /** As a crash would; `start` brings it back to the same address. */
    kill: () => server.kill(),
    async start() {
      server = await startClickHouse({ dataDir, httpPort });
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** CPU seconds of another process, all its threads included; `NaN` where the system does not say. */
function cpuSecondsOf(pid) {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return NaN;
  // after the name in brackets; user and system time are fields 14 and 15 of the whole line
  const fields = readFileSync(path, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function query(url, sql, database) {
  const response = await fetch(`${url}/?database=${database}&default_format=JSONEachRow`, {
    method: 'POST',
    body: sql,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`ClickHouse: ${text.split('\n')[0]}`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
