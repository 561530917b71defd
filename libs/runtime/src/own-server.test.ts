import { afterEach, describe, expect, it } from '@jest/globals';
import { LogLines } from './testing/log-lines.js';
import { query } from './testing/query.js';
import { freePort } from './testing/free-port.js';
import { Scratch } from './testing/scratch.js';
import { until } from './testing/until.js';
import { OwnServer } from './own-server.js';

const TIMEOUT_MS = 60_000;

const scratch = new Scratch();
afterEach(() => scratch.clean(), TIMEOUT_MS);

async function start(): Promise<{ server: OwnServer; lines: string[] }> {
  const { log, lines } = new LogLines();
  const server = await OwnServer.start(await scratch.folder(), await freePort(), log);
  scratch.defer(() => server.stop());
  return { server, lines };
}

/** Resolves when it answers. */
async function answers(url: string): Promise<void> {
  await until('an answer', () => query(url, 'SELECT 1').catch(() => undefined));
}

describe('a ClickHouse of our own', () => {
  it(
    'is started again on the same port when it ends by itself, and gives up when it keeps doing so',
    async () => {
      const { server, lines } = await start();
      const { url } = server;
      for (let time = 1; time <= 3; time++) {
        const { pid } = server;
        process.kill(pid, 'SIGKILL');
        await until('it is started again', () => server.pid !== pid);
        await answers(url);
        expect(lines).toHaveLength(time);
      }
      expect(server.url).toBe(url);
      expect(lines[0]).toBe(
        'error: ClickHouse ended by itself (SIGKILL): starting it again, rows wait until then',
      );
      process.kill(server.pid, 'SIGKILL');
      await expect(server.failure).rejects.toThrow(
        'ClickHouse ended by itself (SIGKILL) 4 times in a minute: look at the memory of this machine',
      );
    },
    TIMEOUT_MS,
  );

  it(
    'is not started again when it was stopped',
    async () => {
      const { server, lines } = await start();
      const { url } = server;
      await server.stop();
      await expect(fetch(url)).rejects.toThrow('fetch failed');
      expect(lines).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'takes a free port when the one it should have is taken',
    async () => {
      const { server } = await start();
      const second = await OwnServer.start(
        await scratch.folder(),
        Number(new URL(server.url).port),
        new LogLines().log,
      );
      scratch.defer(() => second.stop());
      expect(second.url).not.toBe(server.url);
      await answers(second.url);
    },
    TIMEOUT_MS,
  );
});
