import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Storage } from './storage.js';
import { depthBatch, tickBatch, trade, trades } from './testing/batches.js';
import { losingProxy } from './testing/losing-proxy.js';
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
