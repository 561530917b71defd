import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type EncodedBatch, encodeBatch } from '../encode/encode-batch.js';
import { storageMetrics } from '../metrics.js';
import { connect } from '../server/connection.js';
import { tickBatch, trade, trades } from '../testing/batches.js';
import {
  type Answer,
  cut,
  exception,
  type FakeClickHouse,
  fakeClickHouse,
  written,
} from '../testing/fake-clickhouse.js';
import { Inserter, type Retry } from './inserter.js';

const opened: { client: ClickHouseClient; fake: FakeClickHouse }[] = [];
afterEach(async () => {
  for (const { client, fake } of opened.splice(0)) {
    await client.close();
    await fake.close();
  }
});

async function insertInto(
  answers: Answer[],
  { signal, isPatient = false }: { signal?: AbortSignal; isPatient?: boolean } = {},
) {
  const fake = await fakeClickHouse(...answers);
  const { client, database } = connect({ url: fake.url });
  opened.push({ client, fake });
  const retries: Retry[] = [];
  const splits: number[] = [];
  const registry = new Registry();
  const target = { client, database, settings: { async_insert: 0 as const }, signal };
  const inserter = new Inserter(target, {
    metrics: storageMetrics(registry),
    onRetry: (retry) => retries.push(retry),
    onSplit: (_, pieces) => splits.push(pieces),
    isPatient,
  });
  return { fake, inserter, retries, splits, registry };
}

const batch = (from: number, to = from + 3): EncodedBatch => encodeBatch(tickBatch(trades(from, to)));
const other = (type: 'gap' | 'bar' | 'quarantine'): EncodedBatch => ({
  ...encodeBatch({ type, length: 0, rows: [] }),
  rows: 3,
});
const badGateway: Answer = (response) => response.writeHead(502).end('<html>Bad Gateway</html>');

describe('an insert', () => {
  it('sends the Arrow stream with its token and settings, and resolves when all rows are written', async () => {
    const { fake, inserter } = await insertInto([written(3)]);
    const sent = batch(0);
    await inserter.insert(sent);
    expect(fake.inserts).toHaveLength(1);
    const [received] = fake.inserts;
    expect(received?.body.equals(sent.bytes)).toBe(true);
    expect(received?.parameters.get('insert_deduplication_token')).toBe(sent.token);
    expect(received?.parameters.get('async_insert')).toBe('0');
    expect(received?.parameters.get('query')).toMatch(
      /^INSERT INTO market_data\.tick_raw \(venue, symbol, [a-z_, ]*\) FORMAT ArrowStream$/,
    );
  });

  it('takes rows that materialized views wrote, counted with its own, for what they are', async () => {
    const { inserter } = await insertInto([written(5)]);
    await expect(inserter.insert(batch(0))).resolves.toBeUndefined();
  });

  it.each([
    ['a proxy without its server', badGateway, 'Bad Gateway'],
    ['a server out of memory', exception(241, 'MEMORY_LIMIT_EXCEEDED'), 'MEMORY_LIMIT_EXCEEDED'],
    ['an exception behind a status of 200', exception(209, 'SOCKET_TIMEOUT', 200), 'SOCKET_TIMEOUT'],
    ['a link that breaks before the answer', cut, 'socket hang up'],
  ])('sends the same bytes and token again after %s', async (_, failure, reason) => {
    const { fake, inserter, retries } = await insertInto([failure, failure, written(3)]);
    await inserter.insert(batch(0));
    expect(fake.inserts).toHaveLength(3);
    const [first, ...again] = fake.inserts;
    for (const insert of again) {
      expect(insert.body.equals(first?.body ?? Buffer.of())).toBe(true);
      const token = insert.parameters.get('insert_deduplication_token');
      expect(token).toBe(first?.parameters.get('insert_deduplication_token'));
    }
    expect(retries).toMatchObject([
      { table: 'tick_raw', rows: 3, attempt: 1, reason: expect.stringContaining(reason) },
      { attempt: 2 },
    ]);
  });

  it('rejects in one line what the server refuses for good, and goes on with the next batch', async () => {
    const { fake, inserter, retries } = await insertInto([exception(60, 'UNKNOWN_TABLE', 404), written(3)]);
    const [refused, accepted] = [inserter.insert(batch(0)), inserter.insert(batch(3))];
    await expect(refused).rejects.toMatchObject({
      name: 'StorageError',
      code: 'REJECTED',
      message: 'ClickHouse refuses 3 rows for tick_raw (code 60): it says UNKNOWN_TABLE.',
    });
    await accepted;
    expect(fake.inserts).toHaveLength(2);
    expect(retries).toEqual([]);
  });

  it.each([
    ['fewer rows than it was sent', written(2), 'wrote 2'],
    ['nothing of how many rows', (response: ServerResponse) => response.end(), 'X-ClickHouse-Summary'],
  ])('rejects when the server acknowledges %s', async (_, answer, message) => {
    const { inserter } = await insertInto([answer]);
    const rejection = { code: 'SHORT_WRITE', message: expect.stringContaining(message) };
    await expect(inserter.insert(batch(0))).rejects.toMatchObject(rejection);
  });
});

describe('what the server says of an insert', () => {
  it('is met with more patience when its merges are behind', async () => {
    const overloaded: Answer = (response, insert) => exception(252, 'TOO_MANY_PARTS')(response, insert);
    const { inserter, retries } = await insertInto([overloaded, written(3)]);
    await inserter.insert(batch(0));
    expect(retries).toHaveLength(1);
    expect(retries[0]?.delayMs).toBeGreaterThanOrEqual(500);
  });

  it('that nobody may write is final, or waited for by who is patient', async () => {
    const denied = exception(497, 'ACCESS_DENIED', 403);
    const one = await insertInto([denied, written(3)]);
    await expect(one.inserter.insert(batch(0))).rejects.toMatchObject({ code: 'REJECTED' });
    const other = await insertInto([denied, written(3)], { isPatient: true });
    await other.inserter.insert(batch(0));
    expect(other.retries).toHaveLength(1);
  });

  it('of too many days makes one insert of each day, in order, each with a token of its own', async () => {
    const days = [2, 0, 1, 0].map((day, n) => trade(day * 86_400_000_000 + n));
    const tooMany: Answer = (response) => {
      response.statusCode = 500;
      response.setHeader('X-ClickHouse-Exception-Code', 252);
      response.end(
        'Code: 252. DB::Exception: Too many partitions for single INSERT block (more than 100). (TOO_MANY_PARTS) (version 26.7.2.1)\n',
      );
    };
    const { fake, inserter, splits } = await insertInto([tooMany, written(2), cut, written(1)]);
    const whole = encodeBatch(tickBatch(days));
    await inserter.insert(whole);
    expect(splits).toEqual([3]);
    const tokens = fake.inserts.map(({ parameters }) => parameters.get('insert_deduplication_token'));
    const [first, second] = [tokens[1], tokens[2]];
    expect(tokens).toEqual([whole.token, first, second, second, expect.any(String)]);
    expect(new Set(tokens).size).toBe(4);
  });
});

describe('inserts', () => {
  it('keep the order of their table through failures, one at a time', async () => {
    const { fake, inserter } = await insertInto([cut, written(3), cut, written(3)]);
    const batches = [batch(0), batch(3), batch(6)];
    await Promise.all(batches.map((each) => inserter.insert(each)));
    const [first, second, third] = batches.map(({ token }) => token);
    const order = fake.inserts.map(({ parameters }) => parameters.get('insert_deduplication_token'));
    expect(order).toEqual([first, first, second, second, third]);
    expect(fake.mostAtOnce).toBe(1);
  });

  it('of different tables are under way two at a time', async () => {
    const held: (() => void)[] = [];
    const inPairs: Answer = (response, insert) => {
      held.push(() => written(3)(response, insert));
      if (held.length === 2) for (const answer of held.splice(0)) answer();
    };
    const { fake, inserter } = await insertInto([inPairs]);
    const batches = [batch(0), other('gap'), other('bar'), other('quarantine')];
    await Promise.all(batches.map((each) => inserter.insert(each)));
    expect(fake.mostAtOnce).toBe(2);
  });

  it('of one table that is tried again and again hold up no other table', async () => {
    const refused = new Set(['tick_raw']);
    const answer: Answer = (response, insert) =>
      (refused.has(insert.table) ? badGateway : written(3))(response, insert);
    const { inserter, retries } = await insertInto([answer]);
    const waiting = inserter.insert(batch(0));
    while (retries.length === 0) await new Promise(setImmediate);
    await Promise.all([inserter.insert(other('gap')), inserter.insert(other('bar'))]);
    refused.clear();
    await waiting;
  });

  it('count their rows, time, failures and retries', async () => {
    const { inserter, registry } = await insertInto([
      exception(241, 'MEMORY_LIMIT_EXCEEDED'),
      cut,
      written(3),
    ]);
    await inserter.insert(batch(0));
    const text = await registry.metrics();
    expect(text).toContain('inserted_rows_total{table="tick_raw"} 3');
    expect(text).toContain('insert_duration_seconds_count{table="tick_raw"} 1');
    expect(text).toContain('insert_errors_total{code="241"} 1');
    expect(text).toContain('insert_errors_total{code="ECONNRESET"} 1');
    expect(text).toContain('insert_retries_total 2');
  });
});

describe('closing', () => {
  it('ends the retries of a server that is away, and says what was not written', async () => {
    const { inserter, retries } = await insertInto([badGateway]);
    const waiting = [inserter.insert(batch(0)), inserter.insert(batch(3))];
    const outcomes = Promise.allSettled(waiting);
    while (retries.length === 0) await new Promise(setImmediate);
    await inserter.close();
    for (const { status, reason } of (await outcomes) as PromiseRejectedResult[])
      expect({ status, reason }).toMatchObject({
        status: 'rejected',
        reason: { code: 'CLOSED', message: expect.stringContaining('3 rows for tick_raw') },
      });
  });

  it('lets an insert under way finish', async () => {
    const arrived = new EventTarget();
    let answer: () => void = () => undefined;
    const late: Answer = (response, insert) => {
      answer = () => written(3)(response, insert);
      arrived.dispatchEvent(new Event('insert'));
    };
    const { inserter } = await insertInto([late]);
    const arrival = once(arrived, 'insert');
    const insert = inserter.insert(batch(0));
    await arrival;
    const closing = inserter.close();
    answer();
    await expect(insert).resolves.toBeUndefined();
    await closing;
  });

  it('by the signal ends an insert under way at once', async () => {
    const stop = new AbortController();
    const silent = (_: ServerResponse): void => stop.abort();
    const { inserter } = await insertInto([silent], { signal: stop.signal });
    await expect(inserter.insert(batch(0))).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
