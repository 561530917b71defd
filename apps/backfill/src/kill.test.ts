import { randomFrom } from '@autotrader/connector-core/testing';
import { type DukascopySimulator, startDukascopySimulator } from '@autotrader/connector-dukascopy/testing';
import { Program, until } from '@autotrader/runtime/testing';
import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { desk } from './testing/desk.js';
import { barsOf, minuteOf } from './testing/independent-bars.js';

const HOUR = 3_600_000_000;
const LONG_MS = 300_000;
const FIRST = Date.UTC(2024, 9, 1) * 1_000;
const HOURS = 48;
const MOST_RUNS = 40;

const at = desk();
const { query } = at;

describe('two workers', () => {
  it(
    'that are killed every few seconds until the job is done have stored every tick once, and the bars',
    async () => {
      const venue = await startDukascopySimulator({ ticksPerHour: 60, mostPerSecond: 60 });
      try {
        const random = randomFrom(11);
        const [scratch, clickhouse] = [at.scratch, at.context({}).settings.clickhouse ?? ''];
        const cache = await scratch.folder();
        const args = [
          ...['run', 'dukascopy', '--symbols', 'EURUSD', '--from', '2024-10-01', '--to', '2024-10-02'],
          ...['--base-url', venue.url, '--requests-per-second', '5', '--transport', 'bi5', '--cache', cache],
          ...['--clickhouse', clickhouse, '--lease-seconds', '5'],
        ];
        const kills = await Promise.all([1, 2].map(() => worker(venue, args, random)));
        expect(kills.reduce((sum, count) => sum + count)).toBeGreaterThan(3);
        const hours = Array.from({ length: HOURS }, (__, hour) => FIRST + hour * HOUR);
        const sent = hours.flatMap((hour) =>
          venue
            .ticks('EURUSD', hour)
            .map(({ time, bid, ask }) => ({ time, bid: bid / 100_000, ask: ask / 100_000 })),
        );
        const stored = await query<{ time: number; bid: number; ask: number }>(
          `SELECT toUnixTimestamp64Micro(timestamp) AS time, bid, ask FROM market_data.tick ORDER BY sequence_id`,
        );
        expect(stored).toEqual(sent);
        expect(
          await query(`SELECT toUnixTimestamp64Micro(open_time) AS minute, open, high, low, close, trades AS ticks
          FROM market_data.bars WHERE interval = '1m' AND source = 'ticks' ORDER BY open_time`),
        ).toEqual(
          barsOf(sent.map(({ time, bid, ask }) => ({ minute: minuteOf(time), price: (bid + ask) / 2 }))),
        );
        const ledger = await query<{ state: string; times: number; rows: number }>(
          `SELECT state, count() AS times, sum(rows) AS rows FROM market_data.backfill_task GROUP BY state ORDER BY state`,
        );
        expect(ledger).toEqual([{ state: 'done', times: HOURS, rows: HOURS * 60 }]);
      } finally {
        await venue.stop();
      }
    },
    LONG_MS,
  );
});

/** Begins a worker again and again, and kills it a while after it got going, until one comes to its end. @returns how often. */
async function worker(
  venue: DukascopySimulator,
  args: readonly string[],
  random: () => number,
): Promise<number> {
  for (let kills = 0; kills < MOST_RUNS; kills++) {
    const program = new Program('apps/backfill/src/main.ts', args);
    at.scratch.defer(() => program.dispose());
    const before = venue.requests.length;
    let hasEnded = false;
    void program.ended.then(() => (hasEnded = true));
    const gotGoing = until('a request', () => hasEnded || venue.requests.length > before).then(() =>
      delay(500 + random() * 2_000, undefined, { ref: false }),
    );
    const outcome = await Promise.race([program.ended, gotGoing.catch(() => undefined)]);
    if (outcome !== undefined) {
      expect([outcome.code, outcome.err]).toEqual([0, outcome.err]);
      return kills;
    }
    program.kill('SIGKILL');
    await program.ended;
  }
  throw new Error('the job is never done');
}
