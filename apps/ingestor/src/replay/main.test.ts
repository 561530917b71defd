import { afterEach, describe, expect, it } from '@jest/globals';
import { type Outcome, Scratch } from '@autotrader/runtime/testing';
import { inventedRecording } from '../testing/recordings.js';
import type { ReplayReport } from './report.js';

const TIMEOUT_MS = 30_000;
const START = 1_700_000_000_000_000;

const scratch = new Scratch();
afterEach(() => scratch.clean(), TIMEOUT_MS);

const replay = (...args: string[]): Promise<Outcome> =>
  scratch.program('apps/ingestor/src/replay/main.ts', args).ended;

describe('the replay program', () => {
  it(
    'plays a recording into a ClickHouse of its own, prints one JSON object, and exits 0',
    async () => {
      const file = await scratch.file('r.txt', inventedRecording('BTCUSDT', [START, START + 1, START + 2]));
      const { code, out } = await replay('--recording', file, '--data', await scratch.folder());
      const row = { venue: 'BINANCE', venueSymbol: 'BTCUSDT', sent: 3, stored: 3 };
      expect(JSON.parse(out)).toEqual({
        recording: file,
        streams: [
          { ...row, stream: 'bookTicker' },
          { ...row, stream: 'trade' },
        ],
        sent: 6,
        stored: 6,
        gaps: 0,
        quarantined: 0,
        seconds: expect.any(Number),
        eventsPerSecond: expect.any(Number),
        agree: true,
        isComplete: true,
      });
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'ended early prints what it has come to, that it is not all, and exits 1',
    async () => {
      const times = Array.from({ length: 100 }, (_, second) => START + second * 1_000_000);
      const file = await scratch.file('r.txt', inventedRecording('BTCUSDT', times));
      const args = ['--recording', file, '--data', await scratch.folder(), '--speed', '1'];
      const program = scratch.program('apps/ingestor/src/replay/main.ts', args);
      await program.line(/BINANCE: live/);
      program.kill('SIGINT');
      const { code, out } = await program.ended;
      const report = JSON.parse(out) as ReplayReport;
      expect(report).toMatchObject({ isComplete: false, quarantined: 0 });
      expect(report.stored).toBe(report.sent);
      expect(report.sent).toBeLessThan(200);
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that there is no such recording',
    async () => {
      expect(await replay('--recording', '/no/such/file')).toEqual({
        code: 1,
        out: '',
        err: 'error: no recording at /no/such/file: give the path of a .txt, .txt.gz or .txt.xz file\n',
      });
    },
    TIMEOUT_MS,
  );

  it.each([
    [['--speed', 'fast'], 'max, 1 for the speed it was recorded at, or another factor is wanted.'],
    [['--clickhouse', 'localhost:8123'], 'an address like http://host:8123 is wanted.'],
  ])(
    'says in one line what is wrong with %j',
    async (args, expected) => {
      const { code, err } = await replay('--recording', 'r.txt', ...args);
      expect(err).toContain(expected);
      expect(err.trim()).not.toContain('\n');
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );
});
