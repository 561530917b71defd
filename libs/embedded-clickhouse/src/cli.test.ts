import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { firstLine, outcomeOf, spawnNode } from './testing/processes.js';
import { query } from './testing/query.js';
import { scratchDir, startScratch } from './testing/scratch.js';

jest.setTimeout(60_000);

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));

describe('the command line', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves until %s to the whole group, then leaves with 0',
    async (signal) => {
      const caller = await scratchDir();
      const child = spawnNode([cli, '--data', 'here', '--http-port', '0'], {
        ...process.env,
        INIT_CWD: caller,
      });
      const line = await firstLine(child);
      const url = /http:\S+?(?=,)/.exec(line)?.[0] ?? '';
      expect(line).toMatch(`ClickHouse is at ${url}, query page ${url}/play, native TCP port `);
      expect(await query(url, 'SELECT path FROM system.disks')).toBe(`${join(caller, 'here')}/`);
      process.kill(-(child.pid ?? 0), signal);
      expect(await outcomeOf(child)).toEqual({ code: 0, out: '', err: '' });
    },
  );

  it('says so when the server ends by itself', async () => {
    const child = spawnNode([cli, '--data', await scratchDir(), '--http-port', '0']);
    const url = /http:\S+?(?=,)/.exec(await firstLine(child))?.[0] ?? '';
    const outcome = outcomeOf(child);
    const pid = Number(
      await query(url, `SELECT line FROM file('status', LineAsString) WHERE line LIKE 'PID%'`).then((line) =>
        line.slice(5),
      ),
    );
    process.kill(pid, 'SIGKILL');
    expect(await outcome).toEqual({
      code: 1,
      out: '',
      err: 'ClickHouse ended by itself (SIGKILL): start it again\n',
    });
  });

  it('prints one line and leaves with 1 when it cannot serve', async () => {
    const { httpPort } = await startScratch({ dataDir: await scratchDir() });
    const data = await scratchDir();
    for (const [args, message] of [
      [[], '--data DIR says where the data is kept, and is missing: see --help'],
      [['--data', data, '--http-port', 'abc'], "--http-port must be a number from 0 to 65535, not 'abc'"],
      [['--data', data, '--tcp-port', '65536'], "--tcp-port must be a number from 0 to 65535, not '65536'"],
      [['--data', data, '--http-port', String(httpPort)], `Port ${httpPort} of 127.0.0.1 is in use: choose`],
      [['--data', '/dev/null/x'], 'The data directory /dev/null/x cannot be written (ENOTDIR): choose'],
    ] as const) {
      const { code, out, err } = await outcomeOf(spawnNode([cli, ...args]));
      expect({ code, out, lines: err.split('\n').length, starts: err.startsWith(message) }).toEqual({
        code: 1,
        out: '',
        lines: 2,
        starts: true,
      });
    }
  });

  it('explains itself', async () => {
    const child = spawnNode([cli, '--help']);
    const { code, out } = await outcomeOf(child);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: embedded-clickhouse --data DIR/);
  });
});
