import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { Storage, StorageOptions } from './storage.js';
import { openStorage } from './storage.js';
import { depthBatch, tickBatch, trade, trades } from './testing/batches.js';
import { fakeClickHouse } from './testing/fake-clickhouse.js';
import { Notices } from './testing/notices.js';
import { scratchFolders } from './testing/scratch-folder.js';
import { scratchServer } from './testing/scratch-server.js';

const server = scratchServer(startClickHouse);
const folder = scratchFolders();
const opened: Storage[] = [];
afterEach(() => Promise.all(opened.splice(0).map((storage) => storage.close({ drain: false }))));

const TIMEOUT_MS = 60_000;
let databases = 0;

/** A storage with a spool of its own. */
async function open(options: Partial<StorageOptions> = {}) {
  const database = options.database ?? `spooled_${++databases}`;
  const dir = options.spool?.dir ?? (await folder());
  const notices = new Notices();
  const stored: number[] = [];
  const storage = await openStorage({
    ...{ url: server.url, onNotice: notices.onNotice, onStored: ({ rows }) => stored.push(rows) },
    ...options,
    ...{ database, spool: { ...options.spool, dir } },
  });
  opened.push(storage);
  return { storage, notices, stored, database, dir };
}

const rows = (storage: Storage): Promise<unknown[]> =>
  storage.query('SELECT count() AS rows, uniqExact(sequence_id) AS ids FROM tick_raw');
const liveMinutes = (storage: Storage): Promise<unknown[]> =>
  storage.query(`SELECT sum(trades) AS trades FROM bars WHERE source = 'ticks' AND interval = '1m'`);

describe('a storage with a spool', () => {
  it('has what was written, and its bars, when it is drained', async () => {
    const { storage, stored } = await open();
    for (let from = 0; from < 50; from += 10) await storage.write(tickBatch(trades(from, from + 10)));
    await storage.drained();
    expect(stored).toEqual([10, 10, 10, 10, 10]);
    expect(await rows(storage)).toEqual([{ rows: 50, ids: 50 }]);
    expect(await liveMinutes(storage)).toEqual([{ trades: 50 }]);
    expect(storage.spool).toMatchObject({ batches: 0, bytes: 0, isWaiting: false });
  });

  it('stores when it is closed what it holds, and leaves what it is told to leave', async () => {
    const { storage, database, dir } = await open();
    for (let from = 0; from < 50; from += 10) await storage.write(tickBatch(trades(from, from + 10)));
    await storage.close();
    await expect(storage.write(tickBatch(trades(0, 1)))).rejects.toMatchObject({ code: 'CLOSED' });
    const { storage: again, notices } = await open({ database, spool: { dir } });
    expect(notices.of('SPOOL_LEFT')).toEqual([]);
    expect(await rows(again)).toEqual([{ rows: 50, ids: 50 }]);
  });

  it('counts what a person wants to see of it', async () => {
    const registry = new Registry();
    const { storage } = await open({ registry });
    await storage.write(tickBatch(trades(0, 3)));
    await storage.drained();
    const text = await registry.metrics();
    for (const line of [
      'spool_accepted_rows_total{table="tick_raw"} 3',
      'spool_accept_seconds_count{table="tick_raw"} 1',
      'inserted_rows_total{table="tick_raw"} 3',
      'spool_batches 0',
      'spool_bytes 0',
      `spool_limit_bytes ${10 * 2 ** 30}`,
      'spool_oldest_batch_seconds 0',
      'spool_waiting 0',
      'deadletter_bytes 0',
    ])
      expect(text).toContain(`${line}\n`);
  });
});

describe('when ClickHouse is away', () => {
  it(
    'writing goes on, and all is stored in order once it is back',
    async () => {
      const { storage, stored } = await open();
      await storage.write(tickBatch(trades(0, 10)));
      await storage.drained();
      await server.kill();
      for (let from = 10; from < 300; from += 10) await storage.write(tickBatch(trades(from, from + 10)));
      expect(storage.spool).toMatchObject({ batches: 29 });
      await server.restart();
      await storage.drained();
      expect(stored).toHaveLength(30);
      expect(await rows(storage)).toEqual([{ rows: 300, ids: 300 }]);
      expect(await liveMinutes(storage)).toEqual([{ trades: 300 }]);
    },
    TIMEOUT_MS,
  );

  it(
    'at the opening, writing begins all the same; the tables are made and filled once it is there',
    async () => {
      const { url } = server;
      await server.kill();
      const { storage, notices } = await open({ url });
      expect(await notices.next('SERVER_AWAY')).toBe(
        `ClickHouse at ${url} cannot be reached (ECONNREFUSED): start it or set clickhouse.url; the spool keeps what is recorded until then`,
      );
      await storage.write(tickBatch(trades(0, 10)));
      await server.restart();
      await storage.drained();
      expect(notices.of('MIGRATED')[0]).toMatch(/^ClickHouse: applied 001_tick, /);
      expect(await rows(storage)).toEqual([{ rows: 10, ids: 10 }]);
    },
    TIMEOUT_MS,
  );

  it(
    'closing does not wait for it; what is left is stored at the next start',
    async () => {
      const { storage, database, dir } = await open();
      await server.kill();
      await storage.write(tickBatch(trades(0, 10)));
      const drained = expect(storage.drained()).rejects.toMatchObject({ code: 'CLOSED' });
      await storage.close();
      await drained;
      await server.restart();
      const { storage: again, notices } = await open({ database, spool: { dir } });
      expect(notices.of('SPOOL_LEFT')[0]).toContain('holds 1 batch (');
      await again.drained();
      expect(await rows(again)).toEqual([{ rows: 10, ids: 10 }]);
    },
    TIMEOUT_MS,
  );

  it(
    'and does not even say so, closing waits no longer than it is told to',
    async () => {
      const { storage } = await open();
      const silent = await fakeClickHouse(() => undefined);
      await storage.close();
      const { storage: stuck, notices } = await open({ url: silent.url, requestTimeoutMs: 100 });
      expect(await notices.next('SERVER_AWAY')).toContain('Timeout');
      await stuck.write(tickBatch(trades(0, 10)));
      await stuck.close({ timeoutMs: 10 });
      await silent.close();
    },
    TIMEOUT_MS,
  );

  it(
    'memory stays as it is, however much is written',
    async () => {
      const { url } = server;
      await server.kill();
      try {
        const { storage } = await open({ url });
        const write = async (batches: number): Promise<void> => {
          for (let n = 0; n < batches; n++) await storage.write(tickBatch(trades(n * 2000, (n + 1) * 2000)));
        };
        await write(20);
        const before = memoryInUse();
        await write(250);
        const spooled = storage.spool?.bytes ?? 0;
        expect(spooled).toBeGreaterThan(2 ** 20 * 20);
        expect(memoryInUse() - before).toBeLessThan(spooled / 2);
        await storage.close();
      } finally {
        await server.restart();
      }
    },
    TIMEOUT_MS,
  );
});

describe('when ClickHouse refuses', () => {
  it('a batch for good, the others go on, and it is stored once it is sent again', async () => {
    const registry = new Registry();
    const { storage, notices, database } = await open({ registry });
    await run(`ALTER TABLE ${database}.depth_raw RENAME COLUMN bids TO was_bids`);
    const book = { ...trade(0), type: 'depth' as const, isSnapshot: true, bids: [], asks: [] };
    await storage.write(depthBatch([book]));
    await storage.write(tickBatch(trades(0, 10)));
    await storage.drained();
    expect(await rows(storage)).toEqual([{ rows: 10, ids: 10 }]);
    expect(notices.of('DEAD_LETTER')).toEqual([
      expect.stringMatching(
        /^1 rows for depth_raw are not stored \(ClickHouse refuses 1 rows for depth_raw \(code 16\): No such column bids .*\); they are kept in \S+\.dead: set right what it says and retry$/,
      ),
    ]);
    expect(await registry.metrics()).toContain('deadletter_total{table="depth_raw"} 1');
    await run(`ALTER TABLE ${database}.depth_raw RENAME COLUMN was_bids TO bids`);
    expect(await storage.replayDeadLetters()).toBe(1);
    await storage.drained();
    expect(await storage.query('SELECT count() AS rows FROM depth_raw')).toEqual([{ rows: 1 }]);
    expect(await storage.replayDeadLetters()).toBe(0);
  });

  it('its user at the opening, that is an error as without a spool, and the spool is free again', async () => {
    const dir = await folder();
    for (let times = 0; times < 2; times++) {
      await expect(open({ username: 'nobody', password: 'x', spool: { dir } })).rejects.toMatchObject({
        code: 'AUTHENTICATION',
      });
    }
    await open({ spool: { dir } });
    await expect(open({ spool: { dir } })).rejects.toMatchObject({ code: 'SPOOL_LOCKED' });
  });
});

async function run(sql: string): Promise<void> {
  const answer = await fetch(server.url, { method: 'POST', body: sql });
  expect(await answer.text()).toBe('');
}

/** Bytes that are held on to. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
