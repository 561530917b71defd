import { startDukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import { type Outcome } from '@autotrader/runtime/testing';
import { describe, expect, it } from '@jest/globals';
import { desk } from './testing/desk.js';

const LONG_MS = 120_000;
const { scratch, query, context } = desk();

const backfill = (...args: string[]) =>
  scratch.program('apps/backfill/src/main.ts', args, { POLYGON_API_KEY: '' });
const outcome = (...args: string[]): Promise<Outcome> => backfill(...args).ended;
const day = ['--symbols', 'EURUSD', '--from', '2024-10-01', '--to', '2024-10-01', '--no-cache'];

describe('the program', () => {
  it(
    'explains itself',
    async () => {
      const help = await outcome('--help');
      for (const command of ['run', 'retry', 'plan', 'status', 'verify', 'export'])
        expect(help.out).toContain(`  ${command} `);
      const ofRun = await outcome('run', '--help');
      expect(ofRun.out).toContain('--symbols <list>');
      expect(ofRun.out).toContain('npx nx run backfill:run -- polygon --symbols AAPL,MSFT');
      expect([help.code, ofRun.code]).toEqual([0, 0]);
    },
    LONG_MS,
  );

  it.each([
    [['run', 'dukascopy', ...day, '--retries', 'many'], '--retries is "many": a number is wanted'],
    [['run', 'dukascopy', ...day, '--grouped'], '--grouped is nothing that dukascopy has: leave it out'],
    [
      ['run', 'dukascopy', ...day, '--clickhouse', 'http://127.0.0.1:1'],
      'ClickHouse at http://127.0.0.1:1 cannot be reached',
    ],
    [['export', 'dukascopy', ...day], '--out is missing: name a folder for the files'],
  ])(
    '%j: says in one line what is wrong, and exits with 1',
    async (args, message) => {
      const { code, err } = await outcome(...args);
      expect(err).toContain(`error: ${message}`);
      expect(err.trim().split('\n')).toHaveLength(1);
      expect(code).toBe(1);
    },
    LONG_MS,
  );

  it(
    'takes its options from a file, and those of the line before them',
    async () => {
      const venue = await startDukascopySimulator({ ticksPerHour: 5 });
      try {
        const { clickhouse } = context({}).settings;
        const file = await scratch.file(
          'backfill.yaml',
          `symbols: [EURUSD]\nfrom: '2024-10-01'\nto: '2024-10-01'\nbaseUrl: ${venue.url}\nrequestsPerSecond: 1000\ncache: false\nclickhouse: ${clickhouse ?? ''}\n`,
        );
        const { code, out } = await outcome(
          'run',
          'dukascopy',
          '--config',
          file,
          '--to',
          '2024-10-01T03:00Z',
        );
        expect([code, venue.requests.length]).toEqual([0, 3]);
        expect(out).toMatch(/│ EUR\/USD │ +3 │/);
      } finally {
        await venue.stop();
      }
    },
    LONG_MS,
  );

  it(
    'stops at Ctrl-C, gives back what it has begun, and says how to go on',
    async () => {
      const venue = await startDukascopySimulator({ ticksPerHour: 5 });
      try {
        venue.faults.next('slow', Infinity, '/2024/09/02/');
        const { clickhouse = '' } = context({}).settings;
        const args = ['--symbols', 'EURUSD', '--from', '2024-10-02', '--to', '2024-10-02', '--no-cache'];
        const program = backfill(
          'run',
          'dukascopy',
          ...args,
          '--base-url',
          venue.url,
          '--clickhouse',
          clickhouse,
        );
        while (venue.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
        program.kill('SIGINT');
        const { code, out } = await program.ended;
        expect(code).toBe(1);
        expect(out).toContain('stopped with 24 times left: the same command goes on from here');
        const tasks = await query<{ state: string; reason: string }>(
          `SELECT DISTINCT state, reason FROM market_data.backfill_task WHERE from_time >= '2024-10-02'`,
        );
        expect(tasks).toEqual([{ state: 'pending', reason: 'stopped' }]);
      } finally {
        await venue.stop();
      }
    },
    LONG_MS,
  );
});
