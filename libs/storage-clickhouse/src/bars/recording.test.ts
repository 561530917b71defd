import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { programArguments } from '@autotrader/connector-core/testing';
import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MIDNIGHT, tickBatch } from '../testing/batches.js';
import { exactBars } from '../testing/exact-bars.js';
import { HAS_RECORDINGS, recordedTicks, tickOf } from '../testing/recorded-ticks.js';
import { scratchServer } from '../testing/scratch-server.js';
import { pieces, randomFrom, shuffled } from '../testing/shuffled.js';
import { openTickWriter, type TickWriter } from '../testing/tick-writer.js';

const server = scratchServer(startClickHouse);
const child = fileURLToPath(new URL('../testing/replay-child.ts', import.meta.url));
const writers: TickWriter[] = [];
afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.close();
});

async function open(database: string): Promise<TickWriter> {
  const writer = await openTickWriter(server.url, database);
  writers.push(writer);
  return writer;
}

/** Another process stores these copies of the recording. */
async function replay(database: string, ...copies: number[]): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...programArguments(child),
    ...[server.url, database, 'ethusdt', 'ETH/USDT', ...copies.map(String)],
  ]);
  expect(stdout).toBe('done\n');
}

const LENGTHS = { '1m': 1, '5m': 5, '15m': 15, '1h': 60, '1d': 1440 };

/** Minute, open, high, low, close, volume, trades, as the recorder's notes have them. */
const BTC_TABLE = `
2024-08-08T23:54 61837.63 61855.37 61824 61828 12.43238 875
2024-08-08T23:55 61828 61860.8 61780 61782.25 15.07702 1255
2024-08-08T23:56 61782.25 61782.26 61723.99 61727.66 15.49778 1011
2024-08-08T23:57 61727.66 61735.99 61651.01 61652.01 59.29235 2069
2024-08-08T23:58 61652 61745.27 61583.22 61717.63 77.14202 3216
2024-08-08T23:59 61717.64 61743.5 61666.17 61685.99 32.41946 1312
2024-08-09T00:00 61686 61686 61685.99 61685.99 0.17214 19
`.trim();

(HAS_RECORDINGS ? describe : describe.skip)('the bars of a recording (needs ../shared/recordings)', () => {
  it('are the truth in every interval after five copies from two processes, in different batches, shuffled across minutes', async () => {
    const recorded = recordedTicks('ethusdt');
    const writer = await open('five_times');
    await Promise.all([replay('five_times', 0, 2, 4), replay('five_times', 3, 1)]);
    for (const [interval, minutes] of Object.entries(LENGTHS))
      expect(await writer.bars('ETH/USDT', interval)).toEqual(exactBars(recorded, minutes));
    const [stored] = await writer.query(`
      SELECT count() AS ticks, countIf(stream = 'bookTicker') AS quotes, uniqExact(stream, sequence_id) AS ids,
        sum(toUnixTimestamp64Micro(received_at) - ${MIDNIGHT}) AS received FROM tick`);
    const received = recorded.reduce((sum, { receivedAt }) => sum + receivedAt - MIDNIGHT, 0);
    expect(stored).toEqual({ ticks: 30_183, quotes: 24_077, ids: 30_183, received });
  }, 180_000);

  it('of bitcoin are those of its table, printed digit by digit', async () => {
    const writer = await open('btc');
    const trades = recordedTicks('btcusdt').filter(({ stream }) => stream === 'trade');
    const random = randomFrom(7);
    const ticks = shuffled(trades, random).map((trade) => tickOf(trade, 'BTC/USDT'));
    for (const piece of pieces(ticks, 3_000, random)) await writer.write(tickBatch(piece));
    const rows = await writer.query<{ row: string }>(`
      SELECT concat(substring(toString(toStartOfMinute(open_time)), 1, 10), 'T', substring(toString(toStartOfMinute(open_time)), 12, 5), ' ',
        arrayStringConcat([toString(open), toString(high), toString(low), toString(close), toString(volume), toString(trades)], ' ')) AS row
      FROM bars WHERE interval = '1m' ORDER BY open_time`);
    expect(rows.map(({ row }) => row).join('\n')).toBe(BTC_TABLE);
  }, 60_000);
});
