import { describe, expect, it, jest } from '@jest/globals';
import { query } from './testing/query.js';
import { scratchDir, startScratch } from './testing/scratch.js';

jest.setTimeout(60_000);

const createTable = `CREATE TABLE tick (id UInt64) ENGINE = MergeTree ORDER BY id
  SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1`;

describe('a started server', () => {
  it('answers queries over HTTP and serves the query page', async () => {
    const server = await startScratch({ dataDir: await scratchDir() });
    expect(server.url).toBe(`http://127.0.0.1:${server.httpPort}`);
    expect(await query(server.url, 'SELECT 20 + 22')).toBe('42');
    const page = await fetch(`${server.url}/play`, { headers: { connection: 'close' } });
    expect(await page.text()).toContain('<html');
  });

  it('finds its tables and rows again after a stop', async () => {
    const dataDir = await scratchDir();
    const first = await startScratch({ dataDir });
    await query(first.url, 'CREATE DATABASE market_data');
    await query(first.url, createTable.replace('tick', 'market_data.tick'));
    await query(first.url, 'INSERT INTO market_data.tick SELECT number FROM numbers(1000)');
    await first.stop();
    expect(await first.exited).toEqual({ code: 0, signal: null });

    const second = await startScratch({ dataDir });
    expect(await query(second.url, 'SELECT count(), sum(id) FROM market_data.tick')).toBe('1000\t499500');
  });

  it('finds every acknowledged row after SIGKILL', async () => {
    const dataDir = await scratchDir();
    const first = await startScratch({ dataDir });
    await query(first.url, createTable);
    for (let batch = 0; batch < 20; batch++) {
      await query(first.url, `INSERT INTO tick SELECT ${batch} * 100 + number FROM numbers(100)`);
    }
    first.kill();
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await startScratch({ dataDir });
    expect(await query(second.url, 'SELECT count(), uniqExact(id) FROM tick')).toBe('2000\t2000');
  });

  it('stores a batch once when its token is sent again, across a crash too', async () => {
    const dataDir = await scratchDir();
    const batch = `INSERT INTO tick SETTINGS insert_deduplication_token = 'batch-1' VALUES (1) (2)`;
    const first = await startScratch({ dataDir });
    await query(first.url, createTable);
    await query(first.url, batch);
    await query(first.url, batch);
    expect(await query(first.url, 'SELECT count() FROM tick')).toBe('2');
    first.kill();
    await first.exited;

    const second = await startScratch({ dataDir });
    await query(second.url, batch);
    expect(await query(second.url, 'SELECT count() FROM tick')).toBe('2');
    await query(second.url, batch.replace('batch-1', 'batch-2'));
    expect(await query(second.url, 'SELECT count() FROM tick')).toBe('4');
  });

  it('can be stopped twice, and after it was killed', async () => {
    const server = await startScratch({ dataDir: await scratchDir() });
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    const killed = await startScratch({ dataDir: await scratchDir() });
    killed.kill();
    await killed.stop();
    expect((await killed.exited).signal).toBe('SIGKILL');
  });

  it('outlives the signals that are meant for its parent', async () => {
    const server = await startScratch({ dataDir: await scratchDir() });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(server.pid, signal);
    expect(await query(server.url, 'SELECT 1')).toBe('1');
    await server.stop();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('hands over the lines of its log without stack traces', async () => {
    const lines: string[] = [];
    const server = await startScratch({ dataDir: await scratchDir(), onLog: (line) => lines.push(line) });
    await expect(query(server.url, 'SELECT nonsense')).rejects.toThrow('UNKNOWN_IDENTIFIER');
    await server.stop();
    expect(lines).toContainEqual(expect.stringContaining('<Error> executeQuery: Code: 47'));
    expect(lines.filter((line) => /^\d+\. /.test(line))).toEqual([]);
  });
});

describe('two servers', () => {
  it('are two shards of one table over their native ports', async () => {
    const [near, far] = await Promise.all([
      startScratch({ dataDir: await scratchDir() }),
      startScratch({ dataDir: await scratchDir() }),
    ]);
    for (const { url } of [near, far]) await query(url, createTable);
    await query(near.url, 'INSERT INTO tick VALUES (1) (2)');
    await query(far.url, 'INSERT INTO tick VALUES (3)');
    const shards = `remote('127.0.0.1:${near.tcpPort},127.0.0.1:${far.tcpPort}', default.tick)`;
    expect(await query(near.url, `SELECT count(), sum(id) FROM ${shards}`)).toBe('3\t6');
  });
});
