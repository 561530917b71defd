import { inspect } from 'node:util';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openStorage, type StorageOptions } from './storage.js';
import { type Answer, exception, type FakeClickHouse, fakeClickHouse } from './testing/fake-clickhouse.js';
import { readOnlyProxy } from './testing/read-only-proxy.js';
import { scratchServer } from './testing/scratch-server.js';

const server = scratchServer(startClickHouse);
const fakes: Pick<FakeClickHouse, 'close'>[] = [];
afterEach(() => Promise.all(fakes.splice(0).map((fake) => fake.close())));

/** The error of an opening that fails. */
async function failureOf(options: StorageOptions): Promise<unknown> {
  return openStorage(options).then(
    (storage) => storage.close(),
    (error: unknown) => error,
  );
}

async function answering(text: string, status = 200): Promise<string> {
  const fake = await fakeClickHouse((response) => response.writeHead(status).end(text));
  fakes.push(fake);
  return fake.url;
}

describe('opening a storage', () => {
  it('says where it looked and what to do when nothing is there', async () => {
    const fake = await fakeClickHouse();
    await fake.close();
    expect(await failureOf({ url: fake.url })).toMatchObject({
      name: 'StorageError',
      code: 'UNREACHABLE',
      message: `ClickHouse at ${fake.url} cannot be reached (ECONNREFUSED): start it or set clickhouse.url`,
    });
  });

  it('says so when what answers is no ClickHouse', async () => {
    const url = await answering('<html>\nNot Found</html>', 404);
    expect(await failureOf({ url })).toMatchObject({
      code: 'UNREACHABLE',
      message: `ClickHouse at ${url} cannot be reached (<html> Not Found</html>): start it or set clickhouse.url`,
    });
  });

  it('refuses a server older than 24.8, and names both versions', async () => {
    const url = await answering('{"version":"24.7.3.1"}\n');
    expect(await failureOf({ url })).toMatchObject({
      code: 'VERSION',
      message: `ClickHouse at ${url} is version 24.7.3.1: 24.8 or newer is needed`,
    });
  });

  it('says what a user may not do', async () => {
    const version: Answer = (response) => response.end('{"version":"26.7.2.1"}\n');
    const fake = await fakeClickHouse(version, exception(497, 'ACCESS_DENIED', 403));
    fakes.push(fake);
    expect(await failureOf({ url: fake.url })).toMatchObject({
      name: 'StorageError',
      code: 'REJECTED',
      message: `ClickHouse at ${fake.url} refuses (code 497): it says ACCESS_DENIED.`,
    });
  });

  it('says that a user may only read, and what to do', async () => {
    const proxy = await readOnlyProxy(server.url);
    fakes.push(proxy);
    expect(await failureOf({ url: proxy.url, database: 'read_only' })).toMatchObject({ code: 'DATABASE' });
    await (await server.open({ database: 'read_only' })).close();
    expect(await failureOf({ url: proxy.url, database: 'read_only' })).toMatchObject({
      code: 'READ_ONLY',
      message: `user "default" of ClickHouse at ${proxy.url} may only read: grant it INSERT, or set clickhouse.username to one that has it`,
    });
  });

  it('says what somebody has removed of the tables, and what to do', async () => {
    const storage = await server.open({ database: 'altered' });
    await storage.query('SELECT 1');
    for (const sql of ['ALTER TABLE altered.tick_raw DROP COLUMN ask_size', 'DROP TABLE altered.gap_raw'])
      await fetch(server.url, { method: 'POST', body: sql });
    expect(await failureOf({ url: server.url, database: 'altered' })).toMatchObject({
      code: 'MIGRATION',
      message: `database altered in ClickHouse at ${server.url} lacks tick_raw.ask_size, gap_raw, which its migrations had made: put it back as it was, or begin with an empty database`,
    });
  });

  it('names the user that is refused, and never the password', async () => {
    const error = await failureOf({ url: server.url, username: 'nobody', password: 'secret word' });
    expect(error).toMatchObject({
      code: 'AUTHENTICATION',
      message: `ClickHouse at ${server.url} refuses user "nobody": check clickhouse.username and clickhouse.password`,
    });
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  it('takes user and password from the URL, and shows neither with it', async () => {
    const url = server.url.replace('http://', 'http://nobody:secret%20word@');
    const error = await failureOf({ url });
    expect(error).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('refuses user "nobody"'),
    });
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  it.each(['', 'localhost:8123', 'tcp://localhost:9000'])('refuses %p as a URL', async (url) => {
    expect(await failureOf({ url })).toMatchObject({
      code: 'CONFIGURATION',
      message: 'clickhouse.url must be a URL like http://127.0.0.1:8123',
    });
  });

  it('refuses a name that no database can have', async () => {
    expect(await failureOf({ url: server.url, database: 'a; DROP' })).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('"a; DROP" cannot be the name of a database'),
    });
  });

  it('creates the database with its schema', async () => {
    const storage = await server.open({ database: 'created' });
    expect(await storage.query('SELECT count() AS rows FROM created.tick')).toEqual([{ rows: 0 }]);
  });

  it('changes nothing when it is told not to migrate, and says what the schema lacks', async () => {
    const options = { url: server.url, database: 'untouched', migrate: false };
    expect(await failureOf(options)).toMatchObject({
      code: 'MIGRATION',
      message: expect.stringMatching(
        /^database untouched in ClickHouse at .* lacks 001_tick, .*: run the migrations$/,
      ),
    });
    const storage = await server.open();
    expect(await storage.query(`SELECT 1 FROM system.databases WHERE name = 'untouched'`)).toEqual([]);
  });
});
