import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedClickHouse } from '@autotrader/embedded-clickhouse';
import { LogLines, query, Scratch } from '@autotrader/runtime/testing';
import { StatusLine } from '../status-line.js';
import { inventedRecording } from '../testing/recordings.js';
import type { ReplayReport } from './report.js';
import { replay } from './replay.js';

const TIMEOUT_MS = 30_000;
const XZ = '/usr/bin/xz';
const itWithXz = existsSync(XZ) ? it : it.skip;

const START = 1_700_000_000_000_000;

const shared = new Scratch();
const scratch = new Scratch();
let clickhouse: EmbeddedClickHouse;
beforeAll(async () => {
  clickhouse = await shared.clickhouse();
}, TIMEOUT_MS);
afterAll(() => shared.clean(), TIMEOUT_MS);
afterEach(() => scratch.clean());

/** What came of it, and what was said. */
async function play(
  file: string,
  speed: 'max' | number = 'max',
): Promise<{ report: ReplayReport; lines: string[] }> {
  const { log, lines } = new LogLines();
  const quiet = { isTTY: false, write: () => true } as unknown as NodeJS.WriteStream;
  const options = { speed, clickhouse: { url: clickhouse.url } };
  const context = { log, statusLine: new StatusLine(quiet) };
  return { report: await replay(file, options, context, new AbortController().signal), lines };
}

/** Ids and receive times (microseconds) of a symbol's quotes, by id. */
async function quotes(venueSymbol: string): Promise<[number, number][]> {
  const rows = await query<{ id: number; micros: number }>(
    clickhouse.url,
    `SELECT sequence_id AS id, toUnixTimestamp64Micro(received_at) AS micros FROM market_data.tick
     WHERE venue_symbol = '${venueSymbol}' AND stream = 'bookTicker' ORDER BY id`,
  );
  return rows.map(({ id, micros }) => [id, micros]);
}

const IS_WHOLE = { agree: true, isComplete: true, gaps: 0, quarantined: 0 };

describe('a replay', () => {
  it(
    'gives each row the receive time of its frame, be they equal, far apart, or stepping back',
    async () => {
      const hour = 3_600_000_000;
      const times = [0, 0, 0, 5, hour, hour + 1, hour - 7_000_000, 26 * hour].map((after) => START + after);
      const file = await scratch.file('r.txt', inventedRecording('AAAUSDT', times));
      const { report } = await play(file);
      expect(report).toMatchObject({ ...IS_WHOLE, sent: 16, stored: 16 });
      expect(await quotes('AAAUSDT')).toEqual(times.map((time, index) => [1000 + index, time]));
    },
    TIMEOUT_MS,
  );

  it(
    'at speed 1 takes the time that the recording took',
    async () => {
      const times = [0, 700_000, 1_400_000, 2_000_000].map((after) => START + after);
      const { report } = await play(await scratch.file('r.txt', inventedRecording('BBBUSDT', times)), 1);
      expect(report).toMatchObject({ ...IS_WHOLE, sent: 8, stored: 8 });
      expect(report.seconds).toBeGreaterThanOrEqual(1.99);
      expect(await quotes('BBBUSDT')).toEqual(times.map((time, index) => [1000 + index, time]));
    },
    TIMEOUT_MS,
  );

  itWithXz(
    'reads an archive of xz',
    async () => {
      const plain = await scratch.file('r.txt', inventedRecording('CCCUSDT', [START, START + 1]));
      execFileSync(XZ, [plain]);
      expect((await play(`${plain}.xz`)).report).toMatchObject({ ...IS_WHOLE, sent: 4, stored: 4 });
    },
    TIMEOUT_MS,
  );

  it(
    'keeps a frame that is not what the venue documents in quarantine, and does not call it stored',
    async () => {
      const broken = `${START}000 {"stream":"dddusdt@trade","data":{"e":"trade","t":7,"p":"abc"}}\n`;
      const file = await scratch.file('r.txt', inventedRecording('DDDUSDT', [START]) + broken);
      const { report, lines } = await play(file);
      expect(report).toMatchObject({ quarantined: 1, sent: 3, stored: 2, agree: false, isComplete: true });
      expect(lines).toContainEqual(
        expect.stringMatching(/^warn: BINANCE: a frame went to quarantine: trade: /),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'shows a hole in the ids as a gap',
    async () => {
      const lines = inventedRecording('EEEUSDT', [START, START + 1, START + 2]).split('\n');
      const file = await scratch.file('r.txt', lines.filter((line) => !line.includes('"t":2,')).join('\n'));
      const { report } = await play(file);
      expect(report).toMatchObject({ gaps: 1, sent: 5, stored: 5, agree: true, isComplete: true });
    },
    TIMEOUT_MS,
  );

  it(
    'of a recording that says every event twice stores each once',
    async () => {
      const once = inventedRecording('FFFUSDT', [START, START + 1]);
      const { report } = await play(await scratch.file('r.txt', once + once));
      expect(report).toMatchObject({ ...IS_WHOLE, sent: 4, stored: 4 });
    },
    TIMEOUT_MS,
  );
});
