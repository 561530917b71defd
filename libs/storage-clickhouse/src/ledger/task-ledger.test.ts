import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { scratchServer } from '../testing/scratch-server.js';
import { newTask, type Task } from './task.js';
import { TaskLedger } from './task-ledger.js';

const server = scratchServer(startClickHouse);
const HOUR = 3_600_000_000;
const LEASE_MS = 60_000;
const ledgers: TaskLedger[] = [];
let datasets = 0;

beforeAll(async () => {
  await server.open();
}, 60_000);
afterEach(() => Promise.all(ledgers.splice(0).map((ledger) => ledger.close())));

async function open(worker: string): Promise<TaskLedger> {
  const ledger = await TaskLedger.open({ url: server.url }, worker);
  ledgers.push(ledger);
  return ledger;
}

/** Tasks of a dataset of their own. */
function tasks(count: number): Task[] {
  const dataset = `test ${++datasets}`;
  return Array.from({ length: count }, (_, hour) =>
    newTask(
      { dataset, venue: 'TEST', symbol: 'EUR/USD', from: hour * HOUR, to: (hour + 1) * HOUR },
      'EURUSD',
    ),
  );
}

describe('the ledger', () => {
  it('has of each task how far it is', async () => {
    const ledger = await open('a');
    const [one, two, three] = tasks(3) as [Task, Task, Task];
    const [first, second] = [await ledger.claim(one, LEASE_MS), await ledger.claim(two, LEASE_MS)];
    await ledger.claim(three, LEASE_MS);
    if (first === undefined || second === undefined) throw new Error('not ours');
    await ledger.finish([
      [first, { state: 'done', rows: 5, checksum: 'abc', source: 'bi5' }],
      [second, { state: 'failed', reason: "it's \\ away" }],
    ]);
    const { dataset } = one;
    expect(await ledger.tasks({ dataset })).toMatchObject(
      [
        {
          ...one,
          state: 'done',
          attempt: 1,
          rows: 5,
          checksum: 'abc',
          source: 'bi5',
          worker: 'a',
          leaseUntil: 0,
        },
        { ...two, state: 'failed', attempt: 1, worker: 'a', reason: "it's \\ away" },
        { ...three, state: 'running', attempt: 1, worker: 'a', leaseUntil: expect.any(Number) },
      ].map(({ changedAt: _, ...task }) => task),
    );
    expect(await ledger.tasks({ dataset, symbols: ['EUR/USD'], from: HOUR, to: 2 * HOUR })).toHaveLength(1);
    expect(await ledger.tasks({ dataset, symbols: ['GBP/USD'] })).toEqual([]);
  });

  it('gives a task to one of any number of workers', async () => {
    const workers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(open));
    for (const task of tasks(10)) {
      const claims = await Promise.all(workers.map((worker) => worker.claim(task, LEASE_MS)));
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    }
  });

  it('gives it to the next one, once, when the lease is over', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const [task] = tasks(1) as [Task];
    const first = await a.claim(task, 0);
    const [stored] = (await b.tasks({ dataset: task.dataset })) as [Task];
    expect(stored.leaseUntil).toBeLessThanOrEqual(b.now() + 1_000_000);
    const second = await b.claim(stored, LEASE_MS);
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(await a.claim(stored, LEASE_MS)).toBeUndefined();
  });

  it('believes the later attempt, whatever an earlier one says', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const [task] = tasks(1) as [Task];
    const first = (await a.claim(task, 0)) as Task;
    const second = (await b.claim(first, LEASE_MS)) as Task;
    await b.finish([[second, { state: 'done', rows: 7 }]]);
    await a.renew([first], 5, LEASE_MS);
    await a.finish([[first, { state: 'failed', reason: 'late' }]]);
    expect(await a.tasks({ dataset: task.dataset })).toMatchObject([{ state: 'done', rows: 7, worker: 'b' }]);
  });

  it('holds what is renewed, and gives again what is reopened', async () => {
    const ledger = await open('a');
    const [task] = tasks(1) as [Task];
    const claimed = (await ledger.claim(task, 0)) as Task;
    await ledger.renew([claimed], 1, LEASE_MS);
    const [held] = (await ledger.tasks({ dataset: task.dataset })) as [Task];
    expect(held.leaseUntil).toBeGreaterThan(ledger.now());
    await ledger.finish([[claimed, { state: 'done', rows: 1 }]]);
    await ledger.reopen([claimed], 'a hole');
    const [reopened] = (await ledger.tasks({ dataset: task.dataset })) as [Task];
    expect(reopened).toMatchObject({ state: 'pending', reason: 'a hole', attempt: 1 });
    expect((await ledger.claim(reopened, LEASE_MS))?.attempt).toBe(2);
  });

  it('says in one line that there is no server', async () => {
    await expect(TaskLedger.open({ url: 'http://127.0.0.1:1' }, 'a')).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
  });
});
