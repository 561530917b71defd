import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ClickHouseClient } from '@clickhouse/client';
import { type EncodedBatch, encodeBatch } from '../encode/encode-batch.js';
import { storageMetrics } from '../metrics.js';
import { connect } from '../server/connection.js';
import { readDeadLetter } from '../spool/dead-letters.js';
import type { Spool } from '../spool/spool.js';
import { tickBatch, trades } from '../testing/batches.js';
import {
  type Answer,
  cut,
  exception,
  type FakeClickHouse,
  fakeClickHouse,
  written,
} from '../testing/fake-clickhouse.js';
import type { Notices } from '../testing/notices.js';
import { scratchFolders } from '../testing/scratch-folder.js';
import { openSpool } from '../testing/spools.js';
import { Drain } from './drain.js';
import { Inserter } from './inserter.js';
import type { AfterInsert, DrainListener } from './lane.js';

const folder = scratchFolders();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Scene {
  readonly fake: FakeClickHouse;
  readonly spool: Spool;
  readonly drain: Drain;
  /** Paths of the dead letters and why they are. */
  readonly dead: { path: string; reason: string }[];
  readonly stored: number[];
  readonly notices: Notices;
}

/** A spool that is drained into a server that answers so. */
async function draining(
  answers: Answer[],
  options: { dir?: string; afterInsert?: AfterInsert } = {},
): Promise<Scene> {
  const fake = await fakeClickHouse(...answers);
  const client: ClickHouseClient = connect({ url: fake.url }).client;
  const wake: { drain?: Drain } = {};
  const { spool, notices } = await openSpool({ dir: options.dir ?? (await folder()) }, undefined, (table) =>
    wake.drain?.wake(table),
  );
  const inserter = new Inserter(
    { client, database: 'market_data', settings: {} },
    {
      metrics: storageMetrics(undefined),
      onRetry: () => undefined,
      onSplit: () => undefined,
      isPatient: true,
    },
  );
  const [dead, stored]: [Scene['dead'], number[]] = [[], []];
  const listener: DrainListener = {
    afterInsert: options.afterInsert ?? (() => Promise.resolve()),
    onStored: ({ rows }) => stored.push(rows),
    onDeadLetter: (_, reason, path) => dead.push({ path, reason }),
  };
  const drain = new Drain(spool, inserter, listener);
  wake.drain = drain;
  closers.push(
    fake.close,
    () => client.close(),
    () => spool.close(),
    () => drain.stop(false),
  );
  return { fake, spool, drain, dead, stored, notices };
}

const batch = (from: number, rows = 3): EncodedBatch => encodeBatch(tickBatch(trades(from, from + rows)));
const tokens = ({ inserts }: FakeClickHouse): (string | null)[] =>
  inserts.map(({ parameters }) => parameters.get('insert_deduplication_token'));
const turn = (): Promise<void> => new Promise(setImmediate);

describe('a drained spool', () => {
  it('goes into ClickHouse in order, with its own bytes and tokens, and is empty then', async () => {
    const { fake, spool, stored } = await draining([written(3)]);
    const batches = [batch(0), batch(3), batch(6)];
    for (const each of batches) await spool.accept(each);
    await spool.emptied();
    expect(tokens(fake)).toEqual(batches.map(({ token }) => token));
    fake.inserts.forEach(({ body }, n) => expect(body.equals(batches[n]?.bytes ?? Buffer.of())).toBe(true));
    expect(fake.mostAtOnce).toBe(1);
    expect(stored).toEqual([3, 3, 3]);
  });

  it('gives what an earlier run left before what is new', async () => {
    const dir = await folder();
    const { spool: earlier } = await openSpool({ dir });
    await earlier.accept(batch(0));
    await earlier.close();
    const { fake, spool } = await draining([written(3)], { dir });
    await spool.accept(batch(3));
    await spool.emptied();
    expect(tokens(fake)).toEqual([batch(0).token, batch(3).token]);
  });

  it('accepts as if nothing were the matter while ClickHouse fails', async () => {
    const { fake, spool } = await draining([cut, exception(241, 'MEMORY_LIMIT_EXCEEDED'), written(3)]);
    await spool.accept(batch(0));
    await spool.accept(batch(3));
    expect(spool.state.batches).toBe(2);
    await spool.emptied();
    expect(tokens(fake)).toEqual([batch(0).token, batch(0).token, batch(0).token, batch(3).token]);
  });

  it.each([
    ['a wrong password', exception(516, 'AUTHENTICATION_FAILED', 403)],
    ['rights that are missing', exception(497, 'ACCESS_DENIED', 403)],
    ['a database that is gone', exception(81, 'UNKNOWN_DATABASE', 404)],
  ])('waits for somebody to set right %s', async (_, refusal) => {
    const { spool, dead } = await draining([refusal, refusal, written(3)]);
    await spool.accept(batch(0));
    await spool.emptied();
    expect(dead).toEqual([]);
  });
});

describe('a batch that ClickHouse refuses for good', () => {
  it("becomes a dead letter with the server's message, and the others go on", async () => {
    const { fake, spool, dead, stored } = await draining([
      written(3),
      exception(16, 'NO_SUCH_COLUMN', 400),
      written(3),
    ]);
    for (const from of [0, 3, 6]) await spool.accept(batch(from));
    await spool.emptied();
    expect(tokens(fake)).toEqual([0, 3, 6].map((from) => batch(from).token));
    expect(stored).toEqual([3, 3]);
    const message = 'ClickHouse refuses 3 rows for tick_raw (code 16): it says NO_SUCH_COLUMN.';
    expect(dead).toEqual([{ path: expect.stringContaining(`${spool.dir}/dead-letter/`), reason: message }]);
    const letter = await readDeadLetter(dead[0]?.path ?? '');
    expect(letter).toMatchObject({ token: batch(3).token, rows: 3, refusal: { message } });
    expect(Buffer.from(letter?.bytes ?? []).equals(batch(3).bytes)).toBe(true);
  });

  it('is one that ClickHouse acknowledges in part, too', async () => {
    const { spool, dead } = await draining([written(2), written(3)]);
    await spool.accept(batch(0));
    await spool.emptied();
    expect(dead).toEqual([
      { path: expect.any(String), reason: 'ClickHouse was sent 3 rows for tick_raw and wrote 2' },
    ]);
  });

  it('is sent again when it is retried, with the same token', async () => {
    const { fake, spool } = await draining([exception(60, 'UNKNOWN_TABLE', 404), written(3)]);
    await spool.accept(batch(0));
    await spool.emptied();
    expect(await spool.deadLetters.list()).toHaveLength(1);
    expect(await spool.deadLetters.retry((each) => spool.accept(each))).toBe(1);
    await spool.emptied();
    expect(tokens(fake)).toEqual([batch(0).token, batch(0).token]);
    expect(await spool.deadLetters.list()).toEqual([]);
  });
});

describe('a dead letter that is damaged', () => {
  it('stays, which is said, and the others are sent again', async () => {
    const refused = exception(60, 'UNKNOWN_TABLE', 404);
    const { spool, fake, notices } = await draining([refused, refused, written(3)]);
    for (const from of [0, 3]) await spool.accept(batch(from));
    await spool.emptied();
    const [damaged = ''] = await spool.deadLetters.list();
    await writeFile(damaged, Buffer.alloc(100));
    expect(await spool.deadLetters.retry((each) => spool.accept(each))).toBe(1);
    await spool.emptied();
    expect(fake.inserts).toHaveLength(3);
    expect(notices.of('SPOOL_CORRUPT')).toEqual([
      `${damaged} is damaged or of another version: it cannot be sent again, and stays`,
    ]);
    expect(await spool.deadLetters.list()).toEqual([damaged]);
  });
});

describe('what follows an insert', () => {
  it('is called with what the batch touched, and does not hold up the next', async () => {
    const touched: unknown[] = [];
    let finish = (): void => undefined;
    const first = new Promise<void>((resolve) => (finish = resolve));
    const afterInsert: AfterInsert = (table, intervals) => {
      touched.push([table, intervals]);
      return touched.length === 1 ? first : Promise.resolve();
    };
    const { spool, stored } = await draining([written(3)], { afterInsert });
    await spool.accept(batch(0));
    await spool.accept(batch(3));
    while (stored.length < 2) await turn();
    await turn();
    expect(touched).toEqual([0, 3].map((from) => ['tick_raw', batch(from).touched]));
    expect(spool.state.batches).toBe(2);
    finish();
    await spool.emptied();
  });

  it('is called again after a restart when it had not ended, and for all that came after it', async () => {
    const dir = await folder();
    let calls = 0;
    let end = (): void => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    const never: AfterInsert = () => (++calls === 1 ? held : Promise.resolve());
    const first = await draining([written(3)], { dir, afterInsert: never });
    for (const from of [0, 3]) await first.spool.accept(batch(from));
    while (first.stored.length < 2) await turn();
    await first.drain.stop(false);
    await first.spool.close();
    end(); // too late: the spool is somebody else's
    const again: unknown[] = [];
    const second = await draining([written(3)], {
      dir,
      afterInsert: async (_, intervals) => void again.push(intervals),
    });
    await second.spool.emptied();
    expect(tokens(second.fake)).toEqual([0, 3].map((from) => batch(from).token));
    expect(again).toEqual([0, 3].map((from) => batch(from).touched));
  });

  it('is tried again when it fails and may succeed', async () => {
    let calls = 0;
    const { spool, dead } = await draining([written(3)], {
      afterInsert: async () => {
        if (++calls < 3) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      },
    });
    await spool.accept(batch(0));
    await spool.emptied();
    expect([calls, dead]).toEqual([3, []]);
  });
});

describe('stopping', () => {
  it('stores what is in the spool as long as ClickHouse takes it', async () => {
    const { fake, spool, drain } = await draining([written(3)]);
    for (const from of [0, 3, 6]) await spool.accept(batch(from));
    await drain.stop(true);
    expect(fake.inserts).toHaveLength(3);
    expect(spool.state.batches).toBe(0);
  });

  it('waits for nothing when it does not: what is left is there at the next start', async () => {
    const { spool, drain } = await draining([cut]);
    for (const from of [0, 3]) await spool.accept(batch(from));
    await drain.stop(true);
    expect(spool.state.batches).toBe(2);
  });

  it('without storing leaves all but what is under way', async () => {
    let answer = (): void => undefined;
    const late: Answer = (response, insert) => {
      answer = () => written(3)(response, insert);
    };
    const { fake, spool, drain } = await draining([late]);
    for (const from of [0, 3, 6]) await spool.accept(batch(from));
    while (fake.inserts.length === 0) await turn();
    const stopping = drain.stop(false);
    answer();
    await stopping;
    expect(spool.state.batches).toBe(2);
  });
});
