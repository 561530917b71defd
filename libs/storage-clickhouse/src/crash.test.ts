import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { programArguments } from '@autotrader/connector-core/testing';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Storage } from './storage.js';
import { depthBatch, tickBatch, trade, trades } from './testing/batches.js';
import { startFaultProxy } from './testing/fault-proxy.js';
import { losingProxy } from './testing/losing-proxy.js';
import { scratchFolders } from './testing/scratch-folder.js';
import { scratchServer } from './testing/scratch-server.js';

const server = scratchServer(startClickHouse);
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const BATCHES = 30;
const ROWS = 500;

/** A storage behind a link that loses the answers to some inserts. */
async function openBehindProxy(database: string, loses: (answered: number) => boolean | Promise<boolean>) {
  const retries: string[] = [];
  const proxy = await losingProxy(server.url, loses);
  const onRetry = ({ reason }: { reason: string }) => retries.push(reason);
  const storage = await server.open({ url: proxy.url, database, onRetry });
  closers.push(() => storage.close(), proxy.close);
  return { storage, retries };
}

/** Ticks before and after midnight, so that some batches are parts in two partitions; and books beside them. */
async function writeAll(storage: Storage): Promise<void> {
  const writes = Array.from({ length: BATCHES }, (_, batch) => {
    const from = (batch - BATCHES / 2) * ROWS - ROWS / 2;
    const book = { ...trade(from), type: 'depth' as const, isSnapshot: true, bids: [], asks: [] };
    return [storage.write(tickBatch(trades(from, from + ROWS))), storage.write(depthBatch([book]))];
  });
  await Promise.all(writes.flat());
}

async function expectEverythingOnce(storage: Storage): Promise<void> {
  expect(await storage.query('SELECT count() AS rows, uniqExact(sequence_id) AS ids FROM tick_raw')).toEqual([
    { rows: BATCHES * ROWS, ids: BATCHES * ROWS },
  ]);
  expect(await storage.query('SELECT count() AS rows FROM depth_raw')).toEqual([{ rows: BATCHES }]);
}

describe('everything is stored once', () => {
  it('when the link breaks after ClickHouse has stored a batch and before it can say so', async () => {
    const { storage, retries } = await openBehindProxy('cut', (answered) => answered % 3 === 1);
    await writeAll(storage);
    expect(retries).toHaveLength(BATCHES);
    await expectEverythingOnce(storage);
  }, 120_000);

  it('when ClickHouse is killed just after it has stored a batch, again and again', async () => {
    let restarted = Promise.resolve();
    const { storage, retries } = await openBehindProxy('killed', async (answered) => {
      if (![10, 25, 40].includes(answered)) return false;
      await server.kill();
      restarted = server.restart();
      return true;
    });
    await writeAll(storage);
    await restarted;
    expect(retries.length).toBeGreaterThanOrEqual(3);
    await expectEverythingOnce(storage);
  }, 120_000);

  it('when ClickHouse is killed at any moment', async () => {
    const storage = await server.open({ database: 'anytime' });
    const writing = writeAll(storage);
    for (let kills = 0; kills < 2; kills++) {
      await server.kill();
      await server.restart();
    }
    await writing;
    await expectEverythingOnce(storage);
  }, 120_000);
});

describe('with a spool, everything is stored once, and so are the bars of it', () => {
  const folder = scratchFolders();

  async function expectBarsOf(storage: Storage, trades_: number): Promise<void> {
    const bars = `SELECT sum(trades) AS trades FROM bars WHERE source = 'ticks' AND interval = '1m'`;
    expect(await storage.query(bars)).toEqual([{ trades: trades_ }]);
  }

  it('when ClickHouse is killed at any moment', async () => {
    const spool = { dir: await folder() };
    const storage = await server.open({ database: 'spooled', spool });
    closers.push(() => storage.close({ drain: false }));
    const writing = writeAll(storage);
    for (let kills = 0; kills < 3; kills++) {
      await server.kill();
      await server.restart();
    }
    await writing;
    await storage.drained();
    await expectEverythingOnce(storage);
    await expectBarsOf(storage, BATCHES * ROWS);
  }, 120_000);

  it('when the link is cut before a request, in it, and before its answer, and when it stalls', async () => {
    const proxy = await startFaultProxy(server.url);
    closers.push(proxy.close);
    const spool = { dir: await folder() };
    const storage = await server.open({ url: proxy.url, database: 'link', spool, requestTimeoutMs: 1_000 });
    closers.push(() => storage.close({ drain: false }));
    const faults = ['refuse', 'cut-request', 'cut-answer', 'stall', 'cut-answer', 'cut-request'] as const;
    const happened = Promise.all(faults.map((fault) => proxy.next(fault, 'INSERT INTO link.tick_raw')));
    await writeAll(storage);
    await happened;
    await storage.drained();
    await expectEverythingOnce(storage);
    await expectBarsOf(storage, BATCHES * ROWS);
  }, 120_000);

  it('when the process that writes is killed again and again, and ClickHouse with it', async () => {
    const dir = await folder();
    const database = 'killed_writer';
    const last = 120;
    let done = 0;
    const pauses = [3, 40, 17, 1, 25];
    while (done < last) {
      const next = done + (pauses.shift() ?? Infinity);
      done = await storedUntil(next, [server.url, database, dir, String(done + 1), String(last)]);
      if (pauses.length === 3) {
        await server.kill();
        await server.restart();
      }
    }
    const storage = await server.open({ database, spool: { dir } });
    closers.push(() => storage.close({ drain: false }));
    await storage.drained();
    const rows = last * 100;
    expect(
      await storage.query('SELECT count() AS rows, uniqExact(sequence_id) AS ids FROM tick_raw'),
    ).toEqual([{ rows, ids: rows }]);
    await expectBarsOf(storage, rows);
  }, 120_000);
});

const CHILD = fileURLToPath(new URL('testing/storing-child.ts', import.meta.url));

/** Lets a process write until it has said this number, then kills it. @returns the last number that it said. */
async function storedUntil(number: number, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...programArguments(CHILD), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = 0;
  for await (const line of createInterface(child.stdout)) {
    said = Number(line);
    if (said === number) child.kill('SIGKILL');
  }
  return said;
}
