import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { query } from './testing/query.js';
import { scratchDir, startScratch } from './testing/scratch.js';
import { startClickHouse } from './start.js';

jest.setTimeout(60_000);

async function withTakenPort(run: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await run((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('a start', () => {
  it('makes the data directory and takes the ports that are asked for', async () => {
    const free = await startScratch({ dataDir: await scratchDir() });
    await free.stop();
    const dataDir = join(await scratchDir(), 'deep', 'er');
    const { httpPort, tcpPort } = free;
    const server = await startScratch({ dataDir, httpPort, tcpPort });
    expect(server).toMatchObject({ dataDir, httpPort, tcpPort, url: free.url });
    expect(await query(server.url, `SELECT path FROM system.disks`)).toBe(`${dataDir}/`);
  });

  it('applies the configuration file', async () => {
    const dataDir = await scratchDir();
    const configFile = join(dataDir, 'server.xml');
    await writeFile(
      configFile,
      `<clickhouse>
        <max_server_memory_usage>3000000000</max_server_memory_usage>
        <merge_tree><fsync_after_insert>1</fsync_after_insert></merge_tree>
      </clickhouse>`,
    );
    const server = await startScratch({ dataDir, configFile });
    const memory = `SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'`;
    expect(await query(server.url, memory)).toBe('3000000000');
    const fsync = `SELECT value FROM system.merge_tree_settings WHERE name = 'fsync_after_insert'`;
    expect(await query(server.url, fsync)).toBe('1');
  });

  it('takes no configuration from where it is called', async () => {
    const dataDir = await scratchDir();
    const caller = await scratchDir();
    await writeFile(join(caller, 'config.xml'), 'not XML');
    const before = process.cwd();
    process.chdir(caller);
    try {
      const server = await startScratch({ dataDir });
      expect(await query(server.url, 'SELECT 1')).toBe('1');
    } finally {
      process.chdir(before);
    }
  });
});

describe('a start that cannot succeed', () => {
  it.each(['httpPort', 'tcpPort'] as const)('names the %s that is in use', async (option) => {
    const dataDir = await scratchDir();
    await withTakenPort(async (port) => {
      await expect(startClickHouse({ dataDir, [option]: port })).rejects.toMatchObject({
        name: 'EmbeddedClickHouseError',
        code: 'PORT_IN_USE',
        message: `Port ${port} of 127.0.0.1 is in use: choose another one, 0 for any free one, or stop what listens there`,
      });
    });
  });

  it('names the process that uses the data directory, and leaves it alone', async () => {
    const dataDir = await scratchDir();
    const first = await startScratch({ dataDir });
    await expect(startClickHouse({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      message: `The data directory ${dataDir} is in use by another ClickHouse (process ${first.pid}): stop that one, or choose another directory`,
    });
    expect(await query(first.url, 'SELECT 1')).toBe('1');
  });

  it('says that a data directory cannot be written', async () => {
    const file = join(await scratchDir(), 'file');
    await writeFile(file, '');
    for (const dataDir of [file, join(file, 'below'), '/dev/null/x']) {
      await expect(startClickHouse({ dataDir })).rejects.toMatchObject({
        code: 'DATA_DIR_NOT_WRITABLE',
        message: expect.stringMatching(
          `^The data directory ${dataDir} cannot be written \\((EEXIST|ENOTDIR)\\): choose`,
        ),
      });
    }
  });

  it('says what is wrong with the configuration file, on one line', async () => {
    const dataDir = await scratchDir();
    const configFile = join(dataDir, 'server.xml');
    await expect(startClickHouse({ dataDir, configFile })).rejects.toMatchObject({
      code: 'START_FAILED',
      message: `There is no ClickHouse configuration file ${configFile}: check configFile`,
    });
    await writeFile(configFile, 'not XML');
    await expect(startClickHouse({ dataDir, configFile })).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringMatching(
        /^ClickHouse ended while starting \(exit code 1\): .*Syntax error in '.*server\.xml'.*$/,
      ),
    });
  });

  it('leaves nothing behind when its time is over', async () => {
    const dataDir = await scratchDir();
    await expect(startClickHouse({ dataDir, startTimeoutMs: 1 })).rejects.toMatchObject({
      code: 'START_TIMEOUT',
      message: expect.stringContaining(
        'ClickHouse did not answer within 1 ms: allow it more with startTimeoutMs',
      ),
    });
    const server = await startScratch({ dataDir });
    expect(await query(server.url, 'SELECT 1')).toBe('1');
  });
});
